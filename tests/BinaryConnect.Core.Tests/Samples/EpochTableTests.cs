using BinaryConnect.Samples.Mnist;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The table of the mlp command, told of runs that are made up.</summary>
internal sealed class EpochTableTests
{
    private const int StepsPerEpoch = 2;

    private readonly StringWriter _output = new(), _error = new();
    private readonly List<EpochRow> _logged = [];
    private double _testAccuracy = 0.9;
    private int _testEvaluations;

    [SetUp]
    public void Begin()
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        _logged.Clear();
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

        // Step s has loss s.
        Assert.That(table.Rows.Select(row => row.TrainingLoss), Is.EqualTo(new[] { 1.5, 3.5 }));
        Assert.That(table.Rows.Select(row => (row.Epoch, row.Step, row.ValidationError)), Is.EqualTo(new[] { (1, 2, 0.1), (2, 4, 0.2) }));
        Assert.That(_logged, Is.EqualTo(table.Rows));
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

    private EpochTable Run(params double[] validationAccuracies) => Run(ProgressLine.Plain(_error, TimeSpan.MaxValue), validationAccuracies);

    private EpochTable Run(ProgressLine progress, params double[] validationAccuracies)
    {
        var table = new EpochTable(_output, progress, EvaluateTest, _logged.Add);
        int total = validationAccuracies.Length * StepsPerEpoch;
        for (int step = 1; step <= total; step++)
        {
            var result = new StepResult(step, 0.1f, SignFlips: 5, WeightChange: 1);
            EvaluationResult? validation = step % StepsPerEpoch == 0 ? Evaluation(step, validationAccuracies[step / StepsPerEpoch - 1]) : null;
            table.Report(new TrainingProgress(step, total, result, validation, null));
        }

        table.Close();
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
