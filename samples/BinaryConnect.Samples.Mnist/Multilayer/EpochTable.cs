using System.Diagnostics;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>
/// Follows a run: a row for each epoch on the output, a progress line in between, and the test set evaluated when the validation
/// error improves, never else.
/// </summary>
internal sealed class EpochTable(TextWriter output, ProgressLine progress, Func<EvaluationResult> evaluateTest, Action<EpochRow> log)
    : IProgress<TrainingProgress>
{
    private readonly List<EpochRow> _rows = [];
    private readonly List<EvaluationResult> _testEvaluations = [];
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private TimeSpan _epochBegan;
    private double _lossOfSteps;
    private int _steps;
    private int _stepsOfEpoch;

    /// <summary>Each epoch, in order.</summary>
    public IReadOnlyList<EpochRow> Rows => _rows;

    /// <summary>The evaluations on the test set, one for each epoch that improved the validation error.</summary>
    public IReadOnlyList<EvaluationResult> TestEvaluations => _testEvaluations;

    /// <summary>The epoch with the least validation error, the first of equals; null before the first one ends.</summary>
    public EpochRow? Best { get; private set; }

    public void Report(TrainingProgress value)
    {
        _steps++;
        _stepsOfEpoch++;
        _lossOfSteps += value.Result.Loss;
        if (value.Evaluation is EvaluationResult validation) EndEpoch(validation);
        else if (progress.IsDue) progress.Show(Describe(value));
    }

    /// <summary>Takes the progress line away.</summary>
    public void Close() => progress.Erase();

    private void EndEpoch(EvaluationResult validation)
    {
        EpochRow row = Row(validation);
        _rows.Add(row);
        if (row.BestEpoch == row.Epoch) Best = row;
        log(row);
        Print(row);
        _epochBegan = _elapsed.Elapsed;
        (_lossOfSteps, _stepsOfEpoch) = (0, 0);
    }

    private EpochRow Row(EvaluationResult validation)
    {
        int epoch = _rows.Count + 1;
        double error = ErrorOf(validation);
        bool isBest = Best is null || error < Best.ValidationError;
        if (isBest) _testEvaluations.Add(evaluateTest() with { Step = validation.Step, LearningRate = validation.LearningRate });
        EvaluationResult test = _testEvaluations[^1];
        return new EpochRow(
            epoch,
            validation.Step,
            (_elapsed.Elapsed - _epochBegan).TotalSeconds,
            validation.LearningRate,
            _lossOfSteps / _stepsOfEpoch,
            validation.Loss,
            error,
            isBest ? epoch : Best!.Epoch,
            test.Loss,
            ErrorOf(test));
    }

    private void Print(EpochRow row)
    {
        progress.Erase();
        if (_rows.Count == 1)
            output.WriteLine("   epoch   learning rate   training loss   validation loss   validation error   best epoch   test error");
        output.WriteLine(
            $"{row.Epoch,8:N0}{row.LearningRate,16:G4}{row.TrainingLoss,16:F5}{row.ValidationLoss,18:F5}{Percent(row.ValidationError),19}"
            + $"{row.BestEpoch,13:N0}{Percent(row.TestError),13}");
    }

    private string Describe(TrainingProgress value)
    {
        TimeSpan left = _elapsed.Elapsed * ((double)(value.TotalSteps - value.Step) / _steps);
        return $"epoch {_rows.Count + 1:N0} · {(double)value.Step / value.TotalSteps:P0} · {Clock(left)} left · "
            + $"batch loss {value.Result.Loss:F4} · learning rate {value.Result.LearningRate:G4} · {value.Result.SignFlips:N0} signs flipped";
    }

    // As a division of whole numbers, without the digits that 1 − accuracy would bring.
    private static double ErrorOf(EvaluationResult evaluation) =>
        (evaluation.Count - Math.Round(evaluation.Accuracy * evaluation.Count)) / evaluation.Count;

    private static string Percent(double share) => $"{100 * share:F2} %";

    private static string Clock(TimeSpan time) => $"{(int)time.TotalHours}:{time:mm\\:ss}";
}
