using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>A way to train: the notebook's, or one that differs from it.</summary>
/// <param name="Name">The name in tables and pictures.</param>
/// <param name="Options">The options of the trainer for a seed.</param>
internal sealed record Variant(string Name, Func<int, TrainerOptions> Options)
{
    /// <summary>The scale of the output at the start, learned afterwards; null for none.</summary>
    public float? OutputScale { get; init; }

    /// <summary>The notebook's study: gradient descent at 0.1, weights in [0, 1), biases 1.</summary>
    public static Variant Notebook { get; } = Of("SGD, α = 0.1", () => new Sgd(), 0.1f);

    /// <summary>The same without binarization.</summary>
    public static Variant Real { get; } =
        Of("real, SGD, α = 0.1", () => new Sgd(), 0.1f, new IdentityBinarizer());

    /// <summary>The other ways with signs.</summary>
    public static IReadOnlyList<Variant> Others { get; } =
    [
        Of("SGD, α = 0.01", () => new Sgd(), 0.01f),
        Of("SGD, α = 0.001", () => new Sgd(), 0.001f),
        Of("Adam, α = 0.01", () => new Adam(), 0.01f),
        Of("Adam, α = 0.001", () => new Adam(), 0.001f),
        Of("SGD, α = 0.1, output scale", () => new Sgd(), 0.1f) with { OutputScale = 0.05f },
        Of("SGD, α = 1, output scale", () => new Sgd(), 1) with { OutputScale = 0.05f },
    ];

    /// <summary>The model to start from.</summary>
    public LogisticModel Model(Dataset train, int seed) => new(new LogisticModelOptions
    {
        Features = train.FeatureCount,
        Classes = train.ClassCount,
        Seed = seed,
        OutputScale = OutputScale,
    });

    private static Variant Of(string name, Func<IOptimizer> optimizer, float rate, IBinarizer? binarizer = null) =>
        new(name, seed => new TrainerOptions
        {
            Optimizer = optimizer(),
            Schedule = new ConstantRate(rate),
            Binarizer = binarizer ?? new DeterministicBinarizer(),
            Seed = seed,
        });
}
