namespace BinaryConnect.Training;

/// <summary>A change of the learning rate by an evaluation.</summary>
/// <param name="Step">The number of steps before the change.</param>
/// <param name="From">The rate of the last step.</param>
/// <param name="To">The rate that the last step would have had after the change.</param>
public readonly record struct RateChange(int Step, float From, float To);
