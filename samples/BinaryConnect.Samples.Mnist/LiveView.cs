using System.Diagnostics;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The table of evaluations on the output and, between its rows, a progress line on the error stream where that is a terminal.</summary>
internal sealed class LiveView(TextWriter output, TextWriter error, bool showsProgress) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private long _lastShown;
    private int _width;
    private bool _hasHeader;

    public void Report(TrainingProgress value)
    {
        if (value.Evaluation is EvaluationResult evaluation)
        {
            EraseProgress();
            if (!_hasHeader) output.WriteLine("    step   test loss   test accuracy");
            _hasHeader = true;
            output.WriteLine($"{evaluation.Step,8:N0}{evaluation.Loss,12:F4}{evaluation.Accuracy,16:F4}");
            if (value.RateChange is RateChange change)
                output.WriteLine($"         learning rate {change.From:G4} -> {change.To:G4}");
        }

        if (showsProgress && Stopwatch.GetElapsedTime(_lastShown) >= Interval) ShowProgress(value);
    }

    /// <summary>Takes the progress line away.</summary>
    public void Close() => EraseProgress();

    private void ShowProgress(TrainingProgress value)
    {
        _lastShown = Stopwatch.GetTimestamp();
        StepResult result = value.Result;
        string line = $"step {value.Step:N0} of {value.TotalSteps:N0} · batch loss {result.Loss:F3} · "
            + $"{result.SignFlips:N0} signs flipped · learning rate {result.LearningRate:G4}";
        error.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }

    private void EraseProgress()
    {
        if (_width > 0) error.Write('\r' + new string(' ', _width) + '\r');
        _width = 0;
    }
}
