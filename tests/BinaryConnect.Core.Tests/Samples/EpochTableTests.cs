using BinaryConnect.Samples.Mnist;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The table of the mlp command, told of runs that are made up.</summary>
internal sealed class EpochTableTests
{
    private const int StepsPerEpoch = 2;

    private readonly StringWriter _output = new(), _error = new();
    private double _testAccuracy = 0.9;
    private int _testEvaluations;

    [SetUp]
    public void Begin()
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        (_testAccuracy, _testEvaluations) = (0.9, 0);
    }

    [Test]
    public void The_test_set_is_evaluated_when_the_validation_error_improves_and_never_else()
    {
        EpochTable table = Run(0.90, 0.95, 0.95, 0.93, 0.96);

        Assert.That(_testEvaluations, Is.EqualTo(3));
        Assert.That(table.Rows.Select(row => row.BestEpoch), Is.EqualTo(new[] { 1, 2, 2, 2, 5 }), "the first of equals is the best");
        Assert.That(table.Rows.Select(row => row.TestError), Is.EqualTo(new[] { 0.1, 0.09, 0.09, 0.09, 0.08 }));
        Assert.That(table.TestEvaluations.Select(evaluation => evaluation.Step), Is.EqualTo(new[] { 2, 4, 10 }));
        Assert.That(table.Best, Is.EqualTo(table.Rows[4]));
    }

    [Test]
    public void An_epochs_training_loss_is_the_mean_of_its_steps()
    {
        EpochTable table = Run(0.9, 0.8);

        Assert.That(table.Rows.Select(row => row.TrainingLoss), Is.EqualTo(new[] { 1.5, 3.5 }));
        Assert.That(table.Rows.Select(row => (row.Epoch, row.Step, row.ValidationError)), Is.EqualTo(new[] { (1, 2, 0.1), (2, 4, 0.2) }));
    }

    [Test]
    public void Rows_are_printed_under_one_header()
    {
        Run(0.9871, 0.9902);

        Assert.That(_output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'), Is.EqualTo(new[]
        {
            "   epoch   learning rate   training loss   validation loss   validation error   best epoch   test error",
            "       1             0.1         1.50000           0.25000             1.29 %            1      10.00 %",
            "       2             0.1         3.50000           0.25000             0.98 %            2       9.00 %",
        }));
        Assert.That(_error.ToString(), Is.Empty);
    }

    [Test]
    public void Where_lines_are_not_written_over_progress_comes_in_lines_of_its_own_with_the_time_left()
    {
        Run(ProgressLine.Plain(_error, TimeSpan.Zero), 0.9, 0.9);

        Assert.That(_error.ToString().ReplaceLineEndings("\n"), Does.Match(
            @"^epoch 1 · 25 % · 0:00:0\d left · batch loss 1\.0000 · learning rate 0\.1 · 5 signs flipped\n"
            + @"epoch 2 · 75 % · 0:00:0\d left · batch loss 3\.0000 · learning rate 0\.1 · 5 signs flipped\n$"));
    }

    [Test]
    public void A_line_that_is_written_over_gives_way_to_rows()
    {
        Run(ProgressLine.Rewritten(_error), 0.9);

        string written = _error.ToString();
        Assert.That(written, Does.StartWith("\repoch 1 · 50 %"));
        int width = written.LastIndexOf("flipped", StringComparison.Ordinal) + "flipped".Length - 1;
        Assert.That(written[^(width + 2)..], Is.EqualTo('\r' + new string(' ', width) + '\r'));
    }

    [Test]
    public void A_resumed_run_goes_on_where_it_was_and_measures_its_best_epoch_at_the_end_if_that_came_before()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("log.csv");
        EpochTable table;
        using (var log = new EpochLog(file)) table = Run(ProgressLine.Plain(_error, TimeSpan.MaxValue), log, resumedAfter: 5, 0.90, 0.95, 0.94, 0.93);

        Assert.That(_testEvaluations, Is.EqualTo(1));
        Assert.That(table.Rows.Select(row => row.BestEpoch), Is.EqualTo(new[] { 1, 2, 2, 2 }));
        Assert.That(table.Rows.Select(row => row.TrainingLoss), Is.EqualTo(new[] { 1.5, 3.5, 5.5, 7.5 }), "steps before it was resumed count");
        Assert.That(table.Rows.Select(row => row.TestError), Is.EqualTo(new double?[] { null, 0.1, 0.1, 0.1 }));
        Assert.That(table.Rows.Select(row => row.Seconds is null), Is.EqualTo(new[] { true, true, false, false }));
        Assert.That(table.TestEvaluations.Single().Step, Is.EqualTo(4));
        string[] lines = _output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(lines[0], Is.EqualTo("Resumed after 5 steps, in epoch 3"));
        Assert.That(lines[2..], Is.EqualTo(new[]
        {
            "       3             0.1         5.50000           0.25000             6.00 %            2            –",
            "       4             0.1         7.50000           0.25000             7.00 %            2            –",
        }));
        Assert.That(File.ReadAllLines(file)[1..], Is.EqualTo(new[]
        {
            "1,2,0.1,1.5,0.25,0.1,1,,,",
            "2,4,0.1,3.5,0.25,0.05,2,,,",
            $"3,6,0.1,5.5,0.25,0.06,2,,,{table.Rows[2].Seconds:F3}",
            $"4,8,0.1,7.5,0.25,0.07,2,,,{table.Rows[3].Seconds:F3}",
        }));
    }

    [Test]
    public void A_log_keeps_the_rows_of_epochs_before_the_run_was_resumed_and_no_later_ones()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("log.csv");
        using (var log = new EpochLog(file)) Run(ProgressLine.Plain(_error, TimeSpan.MaxValue), log, resumedAfter: 0, 0.90, 0.95, 0.94, 0.93);
        string[] whole = File.ReadAllLines(file);

        using (var log = new EpochLog(file)) Run(ProgressLine.Plain(_error, TimeSpan.MaxValue), log, resumedAfter: 5, 0.90, 0.95, 0.97);

        string[] resumed = File.ReadAllLines(file);
        Assert.That(resumed[..3], Is.EqualTo(whole[..3]));
        Assert.That(resumed, Has.Length.EqualTo(4));
        Assert.That(resumed[3], Does.StartWith("3,6,0.1,5.5,0.25,0.03,3,0.25,"));
    }

    private EpochTable Run(params double[] validationAccuracies) =>
        Run(ProgressLine.Plain(_error, TimeSpan.MaxValue), validationAccuracies);

    private EpochTable Run(ProgressLine progress, params double[] validationAccuracies) => Run(progress, log: null, resumedAfter: 0, validationAccuracies);

    // Step s has loss s; the steps up to the one it is resumed after are those of an earlier run.
    private EpochTable Run(ProgressLine progress, EpochLog? log, int resumedAfter, params double[] validationAccuracies)
    {
        var table = new EpochTable(_output, progress, log, EvaluateTest);
        int total = validationAccuracies.Length * StepsPerEpoch;
        var report = new TrainingReport(0, EvaluationWeights.Inference, total);
        for (int step = 1; step <= total; step++)
        {
            var result = new StepResult(step, 0.1f, SignFlips: 5, WeightChange: 1);
            EvaluationResult? validation = step % StepsPerEpoch == 0 ? Evaluation(step, validationAccuracies[step / StepsPerEpoch - 1]) : null;
            report.Add(result);
            if (validation is not null) report.Add(validation);
            if (step > resumedAfter) table.Report(new TrainingProgress(step, total, result, validation, null, report.View));
        }

        table.End(report);
        return table;
    }

    private EvaluationResult EvaluateTest()
    {
        _testEvaluations++;
        EvaluationResult result = Evaluation(0, _testAccuracy);
        _testAccuracy += 0.01;
        return result;
    }

    private static EvaluationResult Evaluation(int step, double accuracy) => new(step, 0.1f, 0.25, accuracy, 10_000, null);
}
