using System.Diagnostics;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>Counts steps and flips of a training, and shows its facts.</summary>
/// <param name="view">The view that shows them.</param>
/// <param name="accuracyName">The name of the accuracy of an evaluation.</param>
internal sealed class RunMeter(RunView view, string accuracyName) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan RecentTime = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private Mark _now, _rowBegan, _recentBegan;
    private (double Flips, double Steps) _recent;
    private double[] _accuracies = [];

    /// <summary>The name of the training before its place; empty for none.</summary>
    public string Name { get; init; } = "";

    /// <summary>The steps of an epoch, to count epochs; null to count steps.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>Counts a step, and shows the facts if it is time.</summary>
    public void Report(TrainingProgress value)
    {
        _now = new Mark(_now.Time, _now.Steps + 1, _now.Flips + value.Result.SignFlips);
        if (view.IsDue) view.Show(FactsOf(value));
    }

    /// <summary>The time that all steps after this one will take.</summary>
    public TimeSpan Left(TrainingProgress value) =>
        _elapsed.Elapsed * ((double)(value.TotalSteps - value.Step) / Math.Max(_now.Steps, 1));

    /// <summary>Flips in a step and steps in a second since the call before.</summary>
    public (double Flips, double Steps) EndRow()
    {
        _now = _now with { Time = _elapsed.Elapsed };
        (double Flips, double Steps) pace = _now.Since(_rowBegan);
        _rowBegan = _now;
        return pace;
    }

    private RunFacts FactsOf(TrainingProgress value)
    {
        _now = _now with { Time = _elapsed.Elapsed };
        if (_recentBegan.Steps == 0 || _now.Time - _recentBegan.Time >= RecentTime)
        {
            _recent = _now.Since(_recentBegan);
            _recentBegan = _now;
        }

        var evaluations = value.Report.Evaluations;
        if (evaluations.Count != _accuracies.Length) _accuracies = [.. evaluations.Select(evaluation => evaluation.Accuracy)];
        (string unit, int length) = StepsPerEpoch is int steps ? ("epoch", steps) : ("step", 1);
        int done = (value.Step - 1) / length + 1, all = (value.TotalSteps - 1) / length + 1;
        var figures = new RunFacts.Training(
            (double)value.Step / value.TotalSteps,
            Left(value),
            value.Result.Loss,
            value.Result.LearningRate,
            _recent.Flips,
            _recent.Steps,
            accuracyName,
            _accuracies);
        return new RunFacts($"{Name}{unit} {done:N0} of {all:N0}", figures);
    }

    private readonly record struct Mark(TimeSpan Time, int Steps, long Flips)
    {
        public (double Flips, double Steps) Since(Mark earlier)
        {
            int steps = Steps - earlier.Steps;
            double seconds = (Time - earlier.Time).TotalSeconds;
            return ((double)(Flips - earlier.Flips) / Math.Max(steps, 1), seconds > 0 ? steps / seconds : 0);
        }
    }
}
