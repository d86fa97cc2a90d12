using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The recipe of a network and its training.</summary>
/// <param name="Epochs">
/// The number of epochs, unless the command line gives another; the learning rate falls over all of them.
/// </param>
/// <param name="BatchSize">The number of rows in a batch.</param>
/// <param name="Optimizer">The optimizer, with rates that suit it.</param>
internal sealed record MultilayerRecipe(int Epochs, int BatchSize, OptimizerKind Optimizer)
{
    private const float NesterovMomentum = 0.9f;

    /// <summary>Whether the loss is also averaged over the classes.</summary>
    public bool MeanOverClasses { get; init; } = true;

    /// <summary>
    /// Whether evaluations use means and variances of the training set, recomputed each time, instead of running
    /// averages.
    /// </summary>
    public bool RecomputesStatistics { get; init; }

    public static MultilayerRecipe For(MultilayerRecipeKind kind) => kind switch
    {
        // The paper's description.
        MultilayerRecipeKind.Published => new(Epochs: 1_000, BatchSize: 200, OptimizerKind.Sgd)
        {
            MeanOverClasses = false,
            RecomputesStatistics = true,
        },
        // The code that its authors published later.
        MultilayerRecipeKind.LaterCode => new(Epochs: 250, BatchSize: 100, OptimizerKind.Adam),
        _ => For(MultilayerRecipeKind.Published) with { Epochs = 50 },
    };

    /// <summary>Creates a network for the data.</summary>
    public static MultilayerPerceptron Network(MultilayerArguments arguments, Dataset data) => new(new MultilayerPerceptronOptions
    {
        Features = data.FeatureCount,
        HiddenUnits = arguments.HiddenUnits,
        Classes = data.ClassCount,
        Activation = arguments.Activation,
        InputDropout = arguments.InputDropout,
        HiddenDropout = arguments.Dropout,
        NormalizationEpsilon = 1e-4f,
        NormalizationMomentum = 0.15f,
        InitialRange = (arguments.FirstWeights ?? FirstWeightsFor(arguments.Binarizer)) == FirstWeightsKind.Glorot ? null : 1,
        Seed = arguments.Seed,
    });

    /// <summary>The options to train a network on the data, with an evaluation after each epoch.</summary>
    public TrainerOptions Training(MultilayerArguments arguments, Dataset data)
    {
        int epochs = arguments.Epochs ?? Epochs, stepsPerEpoch = data.Count / BatchSize;
        OptimizerKind optimizer = OptimizerOf(arguments);
        return new TrainerOptions
        {
            BatchSize = BatchSize,
            PartialBatch = PartialBatch.Drop,
            MaxEpochs = epochs,
            Binarizer = arguments.Binarizer switch
            {
                BinarizerKind.Deterministic => new DeterministicBinarizer(),
                BinarizerKind.Stochastic => new StochasticBinarizer(arguments.Seed),
                _ => new IdentityBinarizer(),
            },
            Loss = new SquaredHingeLoss(MeanOverClasses),
            Optimizer = optimizer switch
            {
                OptimizerKind.Sgd => new Sgd(),
                OptimizerKind.Nesterov => new Sgd(NesterovMomentum, nesterov: true),
                _ => new Adam(),
            },
            Schedule = ScheduleOf(RatesOf(arguments), arguments.ScheduledEpochs ?? epochs, stepsPerEpoch),
            RateScaling = arguments.RateScaling ?? ScalingFor(optimizer, arguments.Binarizer),
            EvaluateEverySteps = stepsPerEpoch,
            EvaluationWeights = arguments.EvaluationWeights ?? WeightsFor(arguments.Binarizer),
            RecomputeStatistics = RecomputesStatistics,
            KeepBest = true,
            CheckpointPath = arguments.CheckpointFile,
            CheckpointEverySteps = arguments.CheckpointFile is null ? null : stepsPerEpoch,
            Seed = arguments.Seed,
            MaxDegreeOfParallelism = arguments.Threads ?? Environment.ProcessorCount,
        };
    }

    /// <summary>The optimizer of a run.</summary>
    public static OptimizerKind OptimizerOf(MultilayerArguments arguments) =>
        arguments.Optimizer ?? For(arguments.Recipe).Optimizer;

    /// <summary>The learning rates of a run.</summary>
    public static LearningRates RatesOf(MultilayerArguments arguments) =>
        arguments.Rates ?? LearningRates.For(OptimizerOf(arguments));

    // A single epoch has the first rate.
    private static ILearningRateSchedule ScheduleOf(LearningRates rates, int epochs, int stepsPerEpoch) => epochs == 1
        ? new ConstantRate(rates.First)
        : new ExponentialDecay(rates.First, rates.Last, epochs, stepsPerEpoch);

    // Real weights are not signs, so they need not start between them.
    private static FirstWeightsKind FirstWeightsFor(BinarizerKind binarizer) =>
        binarizer == BinarizerKind.None ? FirstWeightsKind.Glorot : FirstWeightsKind.BetweenSigns;

    // The paper scales the rates of binarized weights only.
    private static RateScaling ScalingFor(OptimizerKind optimizer, BinarizerKind binarizer) => (optimizer, binarizer) switch
    {
        (_, BinarizerKind.None) => RateScaling.None,
        (OptimizerKind.Adam, _) => RateScaling.InverseGlorot,
        _ => RateScaling.InverseGlorotSquared,
    };

    // The paper measures binary weights for the deterministic binarizer, real ones for the others.
    private static EvaluationWeights WeightsFor(BinarizerKind binarizer) =>
        binarizer == BinarizerKind.Deterministic ? EvaluationWeights.Inference : EvaluationWeights.Latent;
}
