namespace BinaryConnect.Training;

/// <summary>A change of the learning rate that an evaluation brought about.</summary>
/// <param name="Step">After how many steps.</param>
/// <param name="From">The rate of that step.</param>
/// <param name="To">What it would have been with the change.</param>
public readonly record struct RateChange(int Step, float From, float To);
