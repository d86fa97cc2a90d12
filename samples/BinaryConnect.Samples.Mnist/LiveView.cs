using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>Prints a table of evaluations on the output and, between its rows, a progress line.</summary>
internal sealed class LiveView(TextWriter output, ProgressLine progress) : IProgress<TrainingProgress>
{
    private bool _hasHeader;

    public void Report(TrainingProgress value)
    {
        if (value.Evaluation is EvaluationResult evaluation)
        {
            progress.Erase();
            if (!_hasHeader) output.WriteLine("    step   test loss   test accuracy");
            _hasHeader = true;
            output.WriteLine($"{evaluation.Step,8:N0}{evaluation.Loss,12:F4}{evaluation.Accuracy,16:F4}");
            if (value.RateChange is RateChange change)
                output.WriteLine($"         learning rate {change.From:G4} -> {change.To:G4}");
        }

        if (progress.IsDue) progress.Show(Describe(value));
    }

    /// <summary>Erases the progress line, unless an interrupt left it.</summary>
    public void Close() => progress.Erase();

    private static string Describe(TrainingProgress value)
    {
        StepResult result = value.Result;
        return $"step {value.Step:N0} of {value.TotalSteps:N0} · batch loss {result.Loss:F3} · "
            + $"{result.SignFlips:N0} signs flipped · learning rate {result.LearningRate:G4}";
    }
}
