using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>The epochs of a run.</summary>
/// <param name="Name">The name in tables and legends.</param>
/// <param name="Epochs">The epochs, in order.</param>
internal sealed record LearningCurve(string Name, IReadOnlyList<EpochPoint> Epochs)
{
    /// <summary>Curves of one group have the same colour: runs that differ in their seed.</summary>
    public string Group { get; init; } = Name;

    /// <summary>The epoch of the least validation error, the first of equals.</summary>
    public EpochPoint Best => Epochs.MinBy(epoch => epoch.ValidationError)!;

    /// <summary>The last epoch.</summary>
    public EpochPoint Last => Epochs[^1];

    /// <summary>The test error at the best epoch, 0 to 1; null if it was not measured.</summary>
    public double? TestError { get; init; } = Epochs[^1].TestError;

    /// <summary>The epochs of a trained network.</summary>
    public static LearningCurve Of(NetworkRun run)
    {
        var epochs = new List<EpochPoint>();
        int first = 0;
        foreach (EvaluationResult evaluation in run.Report.Evaluations)
        {
            double cost = run.Report.Steps.Skip(first).Take(evaluation.Step - first).Average(step => step.Loss);
            epochs.Add(new EpochPoint(epochs.Count + 1, cost, 1 - evaluation.Accuracy));
            first = evaluation.Step;
        }

        return new LearningCurve(run.Name, epochs) { Group = run.Regularizer.Name, TestError = 1 - run.Test.Accuracy };
    }
}
