using System.Diagnostics;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;
using BinaryConnect.Training.Reports;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>
/// Follows a run: writes a row for each epoch. It evaluates the test set only when the validation error improves.
/// </summary>
internal sealed class EpochTable(RunView view, int stepsPerEpoch, Func<EvaluationResult> evaluateTest)
    : IProgress<TrainingProgress>
{
    private static readonly string[] Header =
    [
        "                  training     validation       test   flips    steps     time",
        "   epoch     rate     loss     loss    error    error  a step a second     left",
    ];

    private readonly RunMeter _meter = new(view, "validation accuracy") { StepsPerEpoch = stepsPerEpoch };
    private readonly List<EpochRow> _rows = [];
    private readonly List<EvaluationResult> _testEvaluations = [];
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private TimeSpan _epochBegan;
    private int _steps;

    /// <summary>The log of the epochs; null for none.</summary>
    public EpochLog? Log { get; init; }

    /// <summary>The file of the epochs beside the checkpoint; null without a checkpoint.</summary>
    public EpochFile? File { get; init; }

    /// <summary>The content of that file when the run was resumed; null for none.</summary>
    public EpochFile.Content? Earlier { get; init; }

    /// <summary>Each epoch, in order.</summary>
    public IReadOnlyList<EpochRow> Rows => _rows;

    /// <summary>
    /// The evaluations on the test set, one for each epoch that improved the validation error. Those of epochs before
    /// the run was resumed come from <see cref="Earlier"/>.
    /// </summary>
    public IReadOnlyList<EvaluationResult> TestEvaluations => _testEvaluations;

    /// <summary>
    /// The epoch with the least validation error, the first of equals; null before the first one ends.
    /// </summary>
    public EpochRow? Best => _rows.Count == 0 ? null : _rows[_rows[^1].BestEpoch - 1];

    public void Report(TrainingProgress value)
    {
        if (_steps++ == 0) Begin(value);
        _meter.Report(value);
        if (value.Evaluation is not null) EndEpoch(value);
    }

    /// <summary>Evaluates the test set for the best epoch if that is missing.</summary>
    /// <param name="report">The run, which left the network as it was at its best epoch.</param>
    public void End(TrainingReport report)
    {
        int count = report.Evaluations.Count;
        if (_steps == 0 && count > 0) Restore(report.Steps, report.Evaluations, count);
        for (int i = _rows.Count; i < count; i++) AddRow(report.Steps, report.Evaluations, null);
        if (Best is not { TestError: null } best) return;
        EvaluationResult test = EvaluateTest(report.Evaluations[best.Epoch - 1]);
        for (int i = best.Epoch - 1; i < _rows.Count; i++)
            _rows[i] = _rows[i] with { TestLoss = test.Loss, TestError = ErrorOf(test) };
    }

    // At the first step of this process. The epochs before it belong to the run that is resumed.
    private void Begin(TrainingProgress value)
    {
        int earlier = value.Report.Evaluations.Count - (value.Evaluation is null ? 0 : 1);
        Restore(value.Report.Steps, value.Report.Evaluations, earlier);
        if (value.Step > 1) view.WriteLine($"Resumed after {value.Step - 1:N0} steps, in epoch {earlier + 1:N0}");
        foreach (string line in Header) view.WriteLine(line);
    }

    // Adds the epochs of the report, with the figures of the file beside the checkpoint if it is of this run.
    private void Restore(IReadOnlyList<StepResult> steps, IReadOnlyList<EvaluationResult> evaluations, int count)
    {
        for (int i = 0; i < count; i++) AddRow(steps, evaluations, null);
        if (Earlier is { } known && known.IsOf(_rows))
        {
            for (int i = 0; i < count; i++) _rows[i] = known.Epochs[i];
            _testEvaluations.AddRange(
                known.TestEvaluations.Where(evaluation => count > 0 && evaluation.Step <= _rows[^1].Step));
        }
        else if (count > 0)
        {
            view.WriteLine($"No test figures of earlier epochs: '{File?.Path}' is missing, or of another run.");
        }

        Log?.Begin(_rows);
        File?.Write(_rows, _testEvaluations);
    }

    private void EndEpoch(TrainingProgress value)
    {
        TrainingReportView report = value.Report;
        EvaluationResult validation = report.Evaluations[^1];
        EvaluationResult? test = ReferenceEquals(report.BestEvaluation, validation) ? EvaluateTest(validation) : null;
        double seconds = (_elapsed.Elapsed - _epochBegan).TotalSeconds;
        EpochRow row = AddRow(report.Steps, report.Evaluations, test) with { Seconds = seconds };
        _rows[^1] = row;
        _epochBegan = _elapsed.Elapsed;
        Log?.Add(row);
        File?.Write(_rows, _testEvaluations);
        (double flips, double steps) = _meter.EndRow();
        string place = $"{row.Epoch}/{value.TotalSteps / stepsPerEpoch}", mark = row.BestEpoch == row.Epoch ? "*" : " ";
        view.WriteLine(
            $"{place,8}{row.LearningRate,9:G3}{row.TrainingLoss,9:F5}{row.ValidationLoss,9:F5}"
            + $"{Percent(row.ValidationError),9}{mark}{(test is null ? "" : Percent(ErrorOf(test))),8}"
            + $"{RunFacts.Short(flips),8}{RunFacts.Short(steps),9}{RunFacts.Clock(_meter.Left(value)),9}");
    }

    private EvaluationResult EvaluateTest(EvaluationResult validation)
    {
        EvaluationResult test = evaluateTest() with { Step = validation.Step, LearningRate = validation.LearningRate };
        _testEvaluations.Add(test);
        return test;
    }

    // Adds the next epoch of the report. Without a test evaluation it has that of the best epoch before it.
    private EpochRow AddRow(
        IReadOnlyList<StepResult> steps, IReadOnlyList<EvaluationResult> evaluations, EvaluationResult? test)
    {
        int epoch = _rows.Count + 1, firstStep = _rows.Count == 0 ? 0 : _rows[^1].Step;
        EvaluationResult validation = evaluations[epoch - 1];
        double loss = 0, error = ErrorOf(validation);
        for (int i = firstStep; i < validation.Step; i++) loss += steps[i].Loss;
        EpochRow? best = Best;
        bool isBest = best is null || error < best.ValidationError;
        (double? testLoss, double? testError) = isBest
            ? (test?.Loss, test is null ? null : ErrorOf(test))
            : (best!.TestLoss, best.TestError);
        var row = new EpochRow(
            epoch,
            validation.Step,
            validation.LearningRate,
            loss / (validation.Step - firstStep),
            validation.Loss,
            error,
            isBest ? epoch : best!.Epoch,
            testLoss,
            testError,
            Seconds: null);
        _rows.Add(row);
        return row;
    }

    // A quotient of whole numbers does not have the rounding error of 1 − accuracy.
    private static double ErrorOf(EvaluationResult evaluation) =>
        (evaluation.Count - Math.Round(evaluation.Accuracy * evaluation.Count)) / evaluation.Count;

    private static string Percent(double share) => $"{100 * share:F2} %";
}
