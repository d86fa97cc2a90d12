using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The data, the model to start from, and the options to train it.</summary>
internal sealed record Recipe(ImageSets Mnist, Sequential Model, TrainerOptions Options)
{
    // Steps between the evaluations of the tutorial's run of real weights.
    private const int FullPrecisionEvery = 20;

    // Inputs of small networks: pixels from −1 to 1.
    private const float SmallScale = 2f / 255;
    private const float SmallShift = -1;

    /// <summary>Whether a packed model has activations of 8 bits, for machines without floating point.</summary>
    public bool PacksActivations { get; init; }

    /// <summary>Reads the data and creates a model for the recipe of the arguments.</summary>
    public static Recipe For(Arguments arguments) => (arguments.Recipe, arguments.Binarizer) switch
    {
        (RecipeKind.Tutorial, BinarizerKind.None) => Of(arguments, new NotebookRecipe(), FullPrecisionEvery),
        (RecipeKind.Tutorial, _) => Of(arguments, new NotebookRecipe()),
        (RecipeKind.Tiny, _) => Small(arguments, side: 10, hiddenUnits: [80], batchSize: 100, epochs: 100),
        (RecipeKind.Small, _) => Small(arguments, side: 16, hiddenUnits: [64, 64, 64], batchSize: 50, epochs: 200),
        _ => Of(arguments, new BestRecipe()),
    };

    /// <summary>
    /// The best recipe for a run that is evaluated on the validation set, and ends with the weights of the best
    /// evaluation.
    /// </summary>
    public static Recipe Validated(Arguments arguments)
    {
        Recipe recipe = Of(arguments, new BestRecipe());
        return recipe with { Options = recipe.Options with { KeepBest = true } };
    }

    // Softmax regression by a recipe of the experiments.
    private static Recipe Of(Arguments arguments, DigitRecipe recipe, int? evaluateEverySteps = null)
    {
        WeightKind kind = KindOf(arguments.Binarizer);
        var mnist = ImageSets.Load(arguments.DataFolder, recipe.Scale, recipe.Shift);
        TrainerOptions options = recipe.Options(arguments.Steps ?? recipe.StepsOf(kind), arguments.Seed, kind);
        return new Recipe(
            mnist,
            recipe.Model(mnist.Train, arguments.Seed, kind),
            options with { EvaluateEverySteps = evaluateEverySteps ?? options.EvaluateEverySteps });
    }

    // A network of small images, for microcontrollers. The rate falls to exactly 0, as that of the best recipe. No
    // model is chosen, so that the validation set is trained on, too.
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
            Binarizer = DigitRecipe.Binarizer(KindOf(arguments.Binarizer), arguments.Seed),
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

    private static WeightKind KindOf(BinarizerKind binarizer) => binarizer switch
    {
        BinarizerKind.Deterministic => WeightKind.Deterministic,
        BinarizerKind.Stochastic => WeightKind.Stochastic,
        _ => WeightKind.Real,
    };
}
