using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Schedules;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>Softmax regression on images of ten classes, by the notebook's recipe and by the best one here.</summary>
internal static class DigitRuns
{
    /// <summary>The inputs of the best recipe: 0.3 · (pixel/255 − 0.2), roughly centred.</summary>
    public const float BestScale = 0.3f / 255, BestShift = -0.06f;

    // Fifty epochs of 429 whole batches.
    private const int BestSteps = 21_450;

    /// <summary>The model of the notebook: weights in [0, 1), biases 1.</summary>
    public static LogisticModel NotebookModel(Dataset train, int seed) => new(train.FeatureCount, train.ClassCount, seed);

    /// <summary>The model of the best recipe: weights in ±<paramref name="reach"/>, biases 0.</summary>
    public static LogisticModel CentredModel(Dataset train, int seed, float reach = 0.1f) => new(new LogisticModelOptions
    {
        Features = train.FeatureCount,
        Classes = train.ClassCount,
        Seed = seed,
        InitialMinimum = -reach,
        InitialMaximum = reach,
        InitialBias = 0,
    });

    /// <summary>The notebook's run with real weights: 500 steps, rate 0.5, times 0.8 every 20 steps.</summary>
    public static TrainerOptions NotebookReal(ExperimentSettings settings, int seed) => new()
    {
        MaxSteps = settings.StepsOf(500),
        Binarizer = new IdentityBinarizer(),
        Schedule = new StepDecay(initialRate: 0.5f, factor: 0.8f, every: 20),
        Seed = seed,
    };

    /// <summary>
    /// The notebook's binary run: up to 10,000 steps. Every 200 the rate falls by a tenth if the test loss rose; the
    /// fifth fall ends the run.
    /// </summary>
    public static TrainerOptions NotebookBinary(ExperimentSettings settings, int seed) => new()
    {
        MaxSteps = settings.StepsOf(10_000),
        Schedule = new PlateauDecay(initialRate: 0.5f, factor: 0.9f, maxDecays: 5),
        EvaluateEverySteps = 200,
        EvaluationWeights = EvaluationWeights.LastStep,
        Seed = seed,
    };

    /// <summary>The best recipe: Adam for fifty epochs, with a rate that falls to 0.</summary>
    public static TrainerOptions Best(ExperimentSettings settings, int seed, IBinarizer binarizer, float rate = 1e-3f)
    {
        int steps = settings.StepsOf(BestSteps);
        return new TrainerOptions
        {
            PartialBatch = PartialBatch.Drop,
            MaxSteps = steps,
            Binarizer = binarizer,
            Optimizer = new Adam(),
            Schedule = new CosineDecay(rate, steps),
            Seed = seed,
        };
    }

    /// <summary>Trains, says how far it is, and throws if it was cancelled.</summary>
    /// <param name="settings">Progress and cancellation.</param>
    /// <param name="what">The run in the lines of progress.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="model">The model to train.</param>
    /// <param name="train">The training set.</param>
    /// <param name="evaluation">The set of evaluations; null for none.</param>
    /// <param name="each">Is called after each step; null for no calls.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static TrainingReport Fit(
        ExperimentSettings settings,
        string what,
        TrainerOptions options,
        IModel model,
        Dataset train,
        Dataset? evaluation,
        Action<TrainingProgress>? each = null)
    {
        var progress = new StepProgress(settings.Progress, what, each);
        TrainingReport report = new Trainer(options).Fit(model, train, evaluation, progress, settings.Cancellation);
        settings.Cancellation.ThrowIfCancellationRequested();
        return report;
    }

    private sealed class StepProgress(IProgress<string>? lines, string what, Action<TrainingProgress>? each)
        : IProgress<TrainingProgress>
    {
        private const int StepsBetweenLines = 100;

        public void Report(TrainingProgress value)
        {
            each?.Invoke(value);
            if (value.Step % StepsBetweenLines == 0) lines?.Report($"{what}: step {value.Step:N0} of {value.TotalSteps:N0}");
        }
    }
}
