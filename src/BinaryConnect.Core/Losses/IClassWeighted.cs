namespace BinaryConnect.Losses;

/// <summary>A loss that may have a weight for each class, so that a run can check them before its first step.</summary>
internal interface IClassWeighted
{
    /// <summary>The weight of each class, [c]; null for none.</summary>
    IReadOnlyList<float>? ClassWeights { get; }
}
