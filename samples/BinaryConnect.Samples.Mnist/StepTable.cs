using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Follows a run: writes a row for each evaluation.</summary>
internal sealed class StepTable(RunView view) : IProgress<TrainingProgress>
{
    private readonly RunMeter _meter = new(view, "test accuracy");
    private bool _hasHeader;

    public void Report(TrainingProgress value)
    {
        _meter.Report(value);
        if (value.Evaluation is not EvaluationResult evaluation) return;
        if (!_hasHeader) view.WriteLine("    step  done  test loss  test accuracy     rate  flips/step  steps/s     left");
        _hasHeader = true;
        (double flips, double steps) = _meter.EndRow();
        view.WriteLine(
            $"{evaluation.Step,8:N0}{100.0 * value.Step / value.TotalSteps,4:F0} %{evaluation.Loss,11:F4}"
            + $"{evaluation.Accuracy,15:F4}{value.Result.LearningRate,9:G3}{RunFacts.Short(flips),12}{RunFacts.Short(steps),9}"
            + $"{RunFacts.Clock(_meter.Left(value)),9}");
        if (value.RateChange is RateChange change) view.WriteLine($"          rate {change.From:G4} -> {change.To:G4}");
    }
}
