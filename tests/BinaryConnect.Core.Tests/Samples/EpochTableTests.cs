using BinaryConnect.Data;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The table of the mlp command, for made-up runs.</summary>
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
        Assert.That(
            table.Rows.Select(row => row.BestEpoch), Is.EqualTo(new[] { 1, 2, 2, 2, 5 }), "the first of equals is the best");
        Assert.That(table.Rows.Select(row => row.TestError), Is.EqualTo(new[] { 0.1, 0.09, 0.09, 0.09, 0.08 }));
        Assert.That(table.TestEvaluations.Select(evaluation => evaluation.Step), Is.EqualTo(new[] { 2, 4, 10 }));
        Assert.That(table.Best, Is.EqualTo(table.Rows[4]));
    }

    [Test]
    public void An_epochs_training_loss_is_the_mean_of_its_steps()
    {
        EpochTable table = Run(0.9, 0.8);

        Assert.That(table.Rows.Select(row => row.TrainingLoss), Is.EqualTo(new[] { 1.5, 3.5 }));
        Assert.That(
            table.Rows.Select(row => (row.Epoch, row.Step, row.ValidationError)), Is.EqualTo(new[] { (1, 2, 0.1), (2, 4, 0.2) }));
    }

    [Test]
    public void Rows_are_printed_under_one_header()
    {
        Run(0.9871, 0.9902, 0.9802);

        string[] lines = _output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(lines[..2], Is.EqualTo(new[]
        {
            "                  training     validation       test   flips    steps     time",
            "   epoch     rate     loss     loss    error    error  a step a second     left",
        }));
        const string Pace = @"     5\.0 +[\d.,]+M?  0:00:0\d$";
        Assert.That(lines[2], Does.Match(@"^     1/3      0\.1  1\.50000  0\.25000   1\.29 %\* 10\.00 %" + Pace));
        Assert.That(lines[3], Does.Match(@"^     2/3      0\.1  3\.50000  0\.25000   0\.98 %\*  9\.00 %" + Pace));
        Assert.That(lines[4], Does.Match(@"^     3/3      0\.1  5\.50000  0\.25000   1\.98 %         " + Pace));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That(_error.ToString(), Is.Empty);
    }

    [TestCase(5, "5.0")]
    [TestCase(1234, "1,234")]
    [TestCase(999_999, "999,999")]
    [TestCase(999_999.7, "1.0M")]
    [TestCase(1_234_567, "1.2M")]
    [TestCase(9.9994e9, "9,999M")]
    public void A_number_of_a_row_leaves_a_blank_before_it(double number, string text) =>
        Assert.That(RunFacts.Short(number), Is.EqualTo(text).And.Length.LessThan(8));

    [Test]
    public void Plain_lines_of_progress_have_all_facts()
    {
        Run(new PlainRunView(_output, _error, TimeSpan.Zero), 0.9, 0.9);

        const string Pace = @"rate 0\.1 · 5\.0 flips a step · [\d,.]+M? steps a second";
        Assert.That(_error.ToString().ReplaceLineEndings("\n"), Does.Match(
            $@"^epoch 1 of 2 · 25 % · 0:00:0\d left · batch loss 1\.0000 · {Pace} · no validation accuracy yet\n"
            + $@"epoch 1 of 2 · 50 % · 0:00:0\d left · batch loss 2\.0000 · {Pace} · validation accuracy 0\.9000, best 0\.9000\n"
            + $@"epoch 2 of 2 · 75 % · (.*\n)epoch 2 of 2 · 100 % · 0:00:00 left · (.*)\n$"));
    }

    [Test]
    public void A_resumed_run_goes_on_where_it_was_and_measures_its_best_epoch_at_the_end_if_that_came_before()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("log.csv");
        EpochTable table;
        using (var log = EpochLog.For(file, TextWriter.Null))
            table = Run(Checkpoint(folder), log, resumedAfter: 5, 0.90, 0.95, 0.94, 0.93);

        Assert.That(_testEvaluations, Is.EqualTo(1));
        Assert.That(table.Rows.Select(row => row.BestEpoch), Is.EqualTo(new[] { 1, 2, 2, 2 }));
        Assert.That(
            table.Rows.Select(row => row.TrainingLoss), Is.EqualTo(new[] { 1.5, 3.5, 5.5, 7.5 }),
            "steps before it was resumed count");
        Assert.That(table.Rows.Select(row => row.TestError), Is.EqualTo(new double?[] { null, 0.1, 0.1, 0.1 }));
        Assert.That(table.Rows.Select(row => row.Seconds is null), Is.EqualTo(new[] { true, true, false, false }));
        Assert.That(table.TestEvaluations.Single().Step, Is.EqualTo(4));
        string[] lines = _output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(lines[0], Does.StartWith($"No test figures of earlier epochs: '{Checkpoint(folder).Path}' is missing, "));
        Assert.That(lines[1], Is.EqualTo("Resumed after 5 steps, in epoch 3"));
        Assert.That(lines[4], Does.StartWith("     3/4      0.1  5.50000  0.25000   6.00 %           "));
        Assert.That(lines[5], Does.StartWith("     4/4      0.1  7.50000  0.25000   7.00 %           "));
        Assert.That(File.ReadAllLines(file)[1..], Is.EqualTo(new[]
        {
            "1,2,0.1,1.5,0.25,0.1,1,,,",
            "2,4,0.1,3.5,0.25,0.05,2,,,",
            $"3,6,0.1,5.5,0.25,0.06,2,,,{table.Rows[2].Seconds:F3}",
            $"4,8,0.1,7.5,0.25,0.07,2,,,{table.Rows[3].Seconds:F3}",
        }));
    }

    [Test]
    public void A_killed_run_that_goes_on_has_every_figure_of_the_one_that_was_left_alone()
    {
        using var folder = new TemporaryFolder();
        double[] accuracies = [0.90, 0.95, 0.94, 0.97, 0.96];
        EpochTable whole = Run(Checkpoint(folder), log: null, resumedAfter: 0, accuracies);

        // A run that was killed after the file had all epochs may still have a checkpoint of step 5 or 6.
        foreach (int resumedAfter in new[] { 2, 3, 5, 6, 10 })
        {
            string csv = folder.PathOf("log.csv");
            using (var log = EpochLog.For(csv, TextWriter.Null))
            {
                _testAccuracy = resumedAfter < 4 ? 0.91 : resumedAfter < 8 ? 0.92 : double.NaN;
                EpochTable resumed = Run(Checkpoint(folder), log, resumedAfter, accuracies);

                string message = $"resumed after {resumedAfter}";
                Assert.That(resumed.Rows.Select(Timeless), Is.EqualTo(whole.Rows.Select(Timeless)), message);
                Assert.That(resumed.TestEvaluations, Is.EqualTo(whole.TestEvaluations), message);
                Assert.That(resumed.Rows.Select(row => row.Seconds), Has.None.Null);
            }

            Assert.That(File.ReadAllLines(csv), Has.Length.EqualTo(6));
            Assert.That(File.ReadAllText(csv), Does.Match("\n2,4,0.1,3.5,0.25,0.05,2,0.25,0.09,"));
        }
    }

    [Test]
    public void Figures_of_another_run_or_of_another_test_set_are_not_taken()
    {
        using var folder = new TemporaryFolder();
        Run(Checkpoint(folder), log: null, resumedAfter: 0, 0.90, 0.95, 0.94);

        EpochTable otherRun = Run(Checkpoint(folder), log: null, resumedAfter: 4, 0.90, 0.951, 0.94);
        Run(Checkpoint(folder), log: null, resumedAfter: 0, 0.90, 0.95, 0.94);
        EpochTable otherData = Run(Checkpoint(folder, testLabel: 1), log: null, resumedAfter: 4, 0.90, 0.95, 0.94);

        Assert.That(otherRun.Rows[0].TestError, Is.Null);
        Assert.That(otherData.Rows[0].TestError, Is.Null);
        Assert.That(_output.ToString(), Does.Contain("No test figures of earlier epochs: "));
    }

    [Test]
    public void A_new_run_forgets_the_epochs_of_one_before()
    {
        using var folder = new TemporaryFolder();
        Run(Checkpoint(folder), log: null, resumedAfter: 0, 0.90, 0.95);

        Run(Checkpoint(folder), log: null, resumedAfter: 0);
        Assert.That(Checkpoint(folder).Read()!.Epochs, Has.Count.EqualTo(2), "before its first step it has changed nothing");
        Run(Checkpoint(folder), log: null, resumedAfter: 0, 0.93);
        Assert.That(Checkpoint(folder).Read()!.Epochs.Single().ValidationError, Is.EqualTo(0.07));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("""{"testSet":"A","epochs":null,"testEvaluations":[]}""")]
    [TestCase("""{"testSet":"A","epochs":[null],"testEvaluations":[]}""")]
    [TestCase("""{"testSet":"A","epochs":[{"epoch":1,""")]
    public void A_damaged_file_of_epochs_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        EpochFile file = Checkpoint(folder);
        File.WriteAllText(file.Path, content);

        Assert.That(
            () => file.Read(),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"'{file.Path}' is damaged; it must have"));
    }

    private static EpochFile Checkpoint(TemporaryFolder folder, int testLabel = 0) =>
        new(folder.PathOf("run.safetensors"), Dataset.FromBytes(new byte[] { 1, 2 }, new[] { testLabel }, 2, 2));

    private static EpochRow Timeless(EpochRow row) => row with { Seconds = null };

    private EpochTable Run(params double[] validationAccuracies) =>
        Run(new PlainRunView(_output, _error, TimeSpan.MaxValue), validationAccuracies);

    private EpochTable Run(RunView view, params double[] validationAccuracies) =>
        Run(new EpochTable(view, StepsPerEpoch, EvaluateTest), resumedAfter: 0, validationAccuracies);

    private EpochTable Run(EpochFile? file, EpochLog? log, int resumedAfter, params double[] validationAccuracies)
    {
        EpochFile.Content? earlier = resumedAfter > 0 ? file?.Read() : null;
        var table = new EpochTable(new PlainRunView(_output, _error, TimeSpan.MaxValue), StepsPerEpoch, EvaluateTest)
        {
            File = file,
            Log = log,
            Earlier = earlier,
        };
        return Run(table, resumedAfter, validationAccuracies);
    }

    // Step s has loss s; the steps up to the one it is resumed after are those of an earlier run.
    private static EpochTable Run(EpochTable table, int resumedAfter, params double[] validationAccuracies)
    {
        int total = validationAccuracies.Length * StepsPerEpoch;
        var report = new TrainingReport(0, EvaluationWeights.Inference, total);
        for (int step = 1; step <= total; step++)
        {
            var result = new StepResult(step, 0.1f, SignFlips: 5, WeightChange: 1);
            EvaluationResult? validation = step % StepsPerEpoch == 0
                ? Evaluation(step, validationAccuracies[step / StepsPerEpoch - 1])
                : null;
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
