using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>How a network is made and trained.</summary>
/// <param name="Epochs">How many, unless the command line says otherwise; the learning rate falls over all of them.</param>
/// <param name="BatchSize">Rows in a batch.</param>
/// <param name="InitialRate">The learning rate of the first epoch; from there on it falls by the same factor each epoch.</param>
/// <param name="FinalRate">The learning rate of the last epoch.</param>
internal sealed record MultilayerRecipe(int Epochs, int BatchSize, float InitialRate, float FinalRate)
{
    /// <summary>Whether Adam moves the weights; else plain gradient descent.</summary>
    public bool IsAdam { get; init; } = true;

    /// <summary>Latent weights start uniform in (−r, r); null for Glorot's range.</summary>
    public float? InitialRange { get; init; } = 1;

    /// <summary>Whether the loss is averaged over the classes too.</summary>
    public bool MeanOverClasses { get; init; } = true;

    /// <summary>Whether means and variances are those of the training set, taken anew for each evaluation; else running averages.</summary>
    public bool RecomputesStatistics { get; init; }

    public static MultilayerRecipe For(MultilayerRecipeKind kind) => kind switch
    {
        // As the paper describes it.
        MultilayerRecipeKind.Published => new MultilayerRecipe(Epochs: 1_000, BatchSize: 200, InitialRate: 0.3f, FinalRate: 0.01f)
        {
            IsAdam = false,
            InitialRange = null,
            MeanOverClasses = false,
            RecomputesStatistics = true,
        },
        // As the code that its authors published later has it.
        MultilayerRecipeKind.LaterCode => new MultilayerRecipe(Epochs: 250, BatchSize: 100, InitialRate: 1e-3f, FinalRate: 3e-6f),
        _ => new MultilayerRecipe(Epochs: 20, BatchSize: 100, InitialRate: 3e-3f, FinalRate: 1e-5f),
    };

    /// <summary>Makes a fresh network for the data.</summary>
    public MultilayerPerceptron Network(MultilayerArguments arguments, Dataset data) => new(new MultilayerPerceptronOptions
    {
        Features = data.FeatureCount,
        HiddenUnits = arguments.HiddenUnits,
        Classes = data.ClassCount,
        HiddenDropout = arguments.Dropout,
        NormalizationEpsilon = 1e-4f,
        NormalizationMomentum = 0.15f,
        // Real weights are no signs of ±1, so they start in Glorot's range whatever the recipe says.
        InitialRange = arguments.Binarizer == BinarizerKind.None ? null : InitialRange,
        Seed = arguments.Seed,
    });

    /// <summary>How a network is trained on the data, and evaluated after each epoch.</summary>
    public TrainerOptions Training(MultilayerArguments arguments, Dataset data)
    {
        int epochs = arguments.Epochs ?? Epochs, stepsPerEpoch = data.Count / BatchSize;
        return new TrainerOptions
        {
            BatchSize = BatchSize,
            LastBatch = LastBatch.Drop,
            MaxEpochs = epochs,
            Binarizer = arguments.Binarizer switch
            {
                BinarizerKind.Deterministic => new DeterministicBinarizer(),
                BinarizerKind.Stochastic => new StochasticBinarizer(arguments.Seed),
                _ => new FullPrecision(),
            },
            Loss = new SquaredHingeLoss(MeanOverClasses),
            Optimizer = IsAdam ? new Adam() : new Sgd(),
            // It takes two epochs to fall; a single one has the first rate.
            Schedule = new ExponentialDecay(InitialRate, FinalRate, Math.Max(epochs, 2), stepsPerEpoch),
            // The paper scales the rates of binarized weights only.
            RateScaling = arguments.Binarizer == BinarizerKind.None ? RateScaling.None : IsAdam ? RateScaling.InverseGlorot : RateScaling.InverseGlorotSquared,
            EvaluateEverySteps = stepsPerEpoch,
            EvaluationWeights = WeightsFor(arguments),
            RecomputeStatistics = RecomputesStatistics,
            KeepBest = true,
            CheckpointPath = arguments.CheckpointFile,
            CheckpointEverySteps = arguments.CheckpointFile is null ? null : stepsPerEpoch,
            Seed = arguments.Seed,
            MaxDegreeOfParallelism = arguments.Threads ?? Environment.ProcessorCount,
        };
    }

    // As the paper measured: binary weights for the deterministic binarizer, real ones for the others.
    private static EvaluationWeights WeightsFor(MultilayerArguments arguments) => arguments.TestWeights switch
    {
        TestWeightsKind.Binary => EvaluationWeights.Inference,
        TestWeightsKind.Real => EvaluationWeights.Latent,
        TestWeightsKind.Average => EvaluationWeights.SampledAverage,
        _ => arguments.Binarizer == BinarizerKind.Deterministic ? EvaluationWeights.Inference : EvaluationWeights.Latent,
    };
}
