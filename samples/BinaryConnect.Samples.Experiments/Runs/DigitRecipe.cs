using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>A recipe of softmax regression on images of ten classes: scaling, first weights, and training.</summary>
internal abstract class DigitRecipe
{
    /// <summary>The name in tables and pictures.</summary>
    public abstract string Name { get; }

    /// <summary>The factor of each byte of an image.</summary>
    public abstract float Scale { get; }

    /// <summary>What is added to the scaled byte.</summary>
    public abstract float Shift { get; }

    /// <summary>Reads the data, scaled for the recipe.</summary>
    public Data.Mnist Load(string folder) => Data.Mnist.Load(folder, scale: Scale, shift: Shift);

    /// <summary>The most steps of a run.</summary>
    public abstract int StepsOf(WeightKind kind);

    /// <summary>The model to start from.</summary>
    public abstract LogisticModel Model(Dataset train, int seed, WeightKind kind, bool binarizesBias = false);

    /// <summary>The options of the trainer.</summary>
    public abstract TrainerOptions Options(int steps, int seed, WeightKind kind);

    /// <summary>Trains a model, and tests it.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TrainedDigits Train(
        ExperimentSettings settings, Data.Mnist data, int seed, WeightKind kind, bool binarizesBias = false)
    {
        LogisticModel model = Model(data.Train, seed, kind, binarizesBias);
        TrainerOptions options = Options(settings.StepsOf(StepsOf(kind)), seed, kind);
        string what = $"{Name} recipe, {kind.ToString().ToLowerInvariant()} weights, seed {seed}";
        return new TrainedDigits(model, options, Fitting.Run(settings, what, options, model, data.Train, data.Test));
    }

    /// <summary>The binarizer of a kind of weights.</summary>
    public static IBinarizer Binarizer(WeightKind kind, int seed) => kind switch
    {
        WeightKind.Deterministic => new DeterministicBinarizer(),
        WeightKind.Stochastic => new StochasticBinarizer(seed),
        _ => new IdentityBinarizer(),
    };
}
