using BinaryConnect.Binarization;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>A regularizer of the paper's figures: a binarizer, dropout, or none.</summary>
/// <param name="Name">The name in tables and legends.</param>
/// <param name="Binarizer">Makes the binarizer of a run from its seed.</param>
internal sealed record Regularizer(string Name, Func<int, IBinarizer> Binarizer)
{
    private const float HalfOfUnits = 0.5f;

    /// <summary>Real weights, nothing else.</summary>
    public static Regularizer None { get; } = new("none", _ => new IdentityBinarizer());

    /// <summary>The signs of the weights.</summary>
    public static Regularizer Deterministic { get; } =
        new("deterministic", _ => new DeterministicBinarizer()) { IsBinary = true };

    /// <summary>Random signs, tested with the latent weights.</summary>
    public static Regularizer Stochastic { get; } =
        new("stochastic", seed => new StochasticBinarizer(seed)) { IsBinary = true };

    /// <summary>Real weights, and half of the hidden units dropped in training.</summary>
    public static Regularizer Dropout { get; } = None with { Name = "dropout", Rate = HalfOfUnits };

    /// <summary>The four of the paper.</summary>
    public static IReadOnlyList<Regularizer> All { get; } = [None, Deterministic, Stochastic, Dropout];

    /// <summary>Whether the weights of a training step are ±1.</summary>
    public bool IsBinary { get; private init; }

    /// <summary>The probability that a hidden value is dropped in training.</summary>
    public float Rate { get; private init; }

    /// <summary>The weights that the paper tests with.</summary>
    public EvaluationWeights TestWeights =>
        this == Deterministic ? EvaluationWeights.Inference : EvaluationWeights.Latent;

    /// <summary>The regularizer of a checkpoint's binarizer and dropout; null for another one.</summary>
    /// <param name="binarizer">"identity", "deterministic" or "stochastic".</param>
    /// <param name="drops">Whether hidden units are dropped.</param>
    public static Regularizer? Find(string? binarizer, bool drops) => (binarizer, drops) switch
    {
        ("identity", false) => None,
        ("identity", true) => Dropout,
        ("deterministic", false) => Deterministic,
        ("stochastic", false) => Stochastic,
        _ => null,
    };
}
