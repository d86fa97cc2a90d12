using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Runs;

/// <summary>Runs of the trainer that say how far they are, and can be cancelled.</summary>
internal static class Fitting
{
    /// <summary>Trains.</summary>
    /// <param name="settings">Progress and cancellation.</param>
    /// <param name="what">The run in the lines of progress.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="model">The model to train.</param>
    /// <param name="train">The training set.</param>
    /// <param name="evaluation">The set of evaluations; null for none.</param>
    /// <param name="each">Is called after each step; null for no calls.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static TrainingReport Run(
        ExperimentSettings settings,
        string what,
        TrainerOptions options,
        IModel model,
        Dataset train,
        Dataset? evaluation,
        Action<TrainingProgress>? each = null)
    {
        var progress = new StepLines(settings.Progress, what, each);
        TrainingReport report = new Trainer(options).Fit(model, train, evaluation, progress, settings.Cancellation);
        settings.Cancellation.ThrowIfCancellationRequested();
        return report;
    }
}
