namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>The weights of training steps.</summary>
internal enum WeightKind
{
    /// <summary>Real weights.</summary>
    Real,

    /// <summary>Their signs.</summary>
    Deterministic,

    /// <summary>Signs drawn at random, as the paper's section 2.3 says.</summary>
    Stochastic,
}
