using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The data, the model to start from, and the options to train it.</summary>
internal sealed record Recipe(ImageSets Mnist, Sequential Model, TrainerOptions Options)
{
    // Inputs of small networks: pixels from −1 to 1.
    private const float SmallScale = 2f / 255;
    private const float SmallShift = -1;

    // Inputs of the best recipe: 0.3 · (pixel/255 − 0.2). The shift roughly centres them. The factor keeps sums of 784
    // signs in the range where the softmax still learns.
    private const float BestScale = 0.3f / 255;
    private const float BestShift = -0.06f;

    /// <summary>Whether a packed model has activations of 8 bits, for machines without floating point.</summary>
    public bool PacksActivations { get; init; }

    /// <summary>Reads the data and creates a model for the recipe of the arguments.</summary>
    public static Recipe For(Arguments arguments) => (arguments.Recipe, arguments.Binarizer) switch
    {
        (RecipeKind.Tutorial, BinarizerKind.None) => TutorialFullPrecision(arguments),
        (RecipeKind.Tutorial, _) => TutorialBinary(arguments),
        (RecipeKind.Tiny, _) => Small(arguments, side: 10, hiddenUnits: [80], batchSize: 100, epochs: 100),
        (RecipeKind.Small, _) => Small(arguments, side: 16, hiddenUnits: [64, 64, 64], batchSize: 50, epochs: 200),
        _ => Best(arguments, keepsBest: false),
    };

    /// <summary>
    /// The best recipe for a run that is evaluated on the validation set, and ends with the weights of the best
    /// evaluation.
    /// </summary>
    public static Recipe Validated(Arguments arguments) => Best(arguments, keepsBest: true);

    // The rate is 0.5, times 0.8 every 20 steps; weights are not clipped.
    private static Recipe TutorialFullPrecision(Arguments arguments)
    {
        var mnist = ImageSets.Load(arguments.DataFolder);
        return new Recipe(mnist, TutorialModel(arguments, mnist), new TrainerOptions
        {
            BatchSize = 128,
            MaxSteps = arguments.Steps ?? 500,
            Binarizer = new IdentityBinarizer(),
            Schedule = new StepDecay(initialRate: 0.5f, factor: 0.8f, every: 20),
            EvaluateEverySteps = 20,
            Seed = arguments.Seed,
        });
    }

    // Every 200 steps the rate falls by a tenth if the test loss rose; the fifth fall ends the run.
    private static Recipe TutorialBinary(Arguments arguments)
    {
        var mnist = ImageSets.Load(arguments.DataFolder);
        return new Recipe(mnist, TutorialModel(arguments, mnist), new TrainerOptions
        {
            BatchSize = 128,
            MaxSteps = arguments.Steps ?? 10_000,
            Binarizer = BinarizerOf(arguments),
            Schedule = new PlateauDecay(initialRate: 0.5f, factor: 0.9f, maxDecays: 5),
            EvaluateEverySteps = 200,
            EvaluationWeights = arguments.Binarizer == BinarizerKind.Deterministic
                ? EvaluationWeights.LastStep
                : EvaluationWeights.Inference,
            Seed = arguments.Seed,
        });
    }

    // Adam with a rate that falls to exactly 0, since signs flip at any other rate, however small. Fifty epochs, small
    // first weights, and no choice of model by the test set. Weights drawn at random agree with their signs only if
    // latent weights are near ±1. So stochastic binarization starts with wide weights and a larger rate.
    private static Recipe Best(Arguments arguments, bool keepsBest)
    {
        const int StepsForFiftyEpochs = 21_450;
        int steps = arguments.Steps ?? StepsForFiftyEpochs;
        (float reach, float rate) = arguments.Binarizer == BinarizerKind.Stochastic ? (1f, 3e-2f) : (0.1f, 1e-3f);
        var mnist = ImageSets.Load(arguments.DataFolder, scale: BestScale, shift: BestShift);
        var model = new LogisticModel(new LogisticModelOptions
        {
            Features = mnist.Train.FeatureCount,
            Classes = mnist.Train.ClassCount,
            Seed = arguments.Seed,
            InitialMinimum = -reach,
            InitialMaximum = reach,
            InitialBias = 0,
        });
        return new Recipe(mnist, model, new TrainerOptions
        {
            BatchSize = 128,
            PartialBatch = PartialBatch.Drop,
            MaxSteps = steps,
            Binarizer = BinarizerOf(arguments),
            Optimizer = new Adam(),
            Schedule = new CosineDecay(rate, steps),
            EvaluateEverySteps = 1_000,
            KeepBest = keepsBest,
            Seed = arguments.Seed,
        });
    }

    // A network of small images, for microcontrollers. The rate falls to exactly 0, as above. No model is chosen, so
    // that the validation set is trained on, too.
    private static Recipe Small(Arguments arguments, int side, int[] hiddenUnits, int batchSize, int epochs)
    {
        var mnist = ImageSets.LoadSmall(arguments.DataFolder, side, SmallScale, SmallShift);
        int stepsOfEpoch = mnist.Train.Count / batchSize, steps = arguments.Steps ?? epochs * stepsOfEpoch;
        var model = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = mnist.Train.FeatureCount,
            HiddenUnits = hiddenUnits,
            Classes = mnist.Train.ClassCount,
            NormalizationEpsilon = 1e-4f,
            InitialRange = 0.1f,
            Seed = arguments.Seed,
        });
        return new Recipe(mnist, model, new TrainerOptions
        {
            BatchSize = batchSize,
            PartialBatch = PartialBatch.Drop,
            MaxSteps = steps,
            Binarizer = BinarizerOf(arguments),
            Optimizer = new Adam(),
            Schedule = new CosineDecay(3e-3f, steps),
            RateScaling = RateScaling.InverseGlorot,
            EvaluateEverySteps = 10 * stepsOfEpoch,
            RecomputeStatistics = true,
            Seed = arguments.Seed,
            MaxDegreeOfParallelism = 1,
        })
        {
            PacksActivations = arguments.Binarizer != BinarizerKind.None,
        };
    }

    private static LogisticModel TutorialModel(Arguments arguments, ImageSets mnist) =>
        new(mnist.Train.FeatureCount, mnist.Train.ClassCount, arguments.Seed);

    private static IBinarizer BinarizerOf(Arguments arguments) => arguments.Binarizer switch
    {
        BinarizerKind.Deterministic => new DeterministicBinarizer(),
        BinarizerKind.Stochastic => new StochasticBinarizer(arguments.Seed),
        _ => new IdentityBinarizer(),
    };
}
