using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;
using BinaryConnect.Training.Checkpoints;

namespace BinaryConnect.Tests.Training;

internal sealed class TrainingReportTests
{
    [Test]
    public void Report_starts_empty()
    {
        var report = new TrainingReport(7, EvaluationWeights.Latent, 10);

        Assert.That(report.Seed, Is.EqualTo(7));
        Assert.That(report.EvaluationWeights, Is.EqualTo(EvaluationWeights.Latent));
        Assert.That(report.Steps, Is.Empty);
        Assert.That(report.Evaluations, Is.Empty);
        Assert.That(report.RateChanges, Is.Empty);
        Assert.That(report.FinalEvaluation, Is.Null);
        Assert.That(report.BestEvaluation, Is.Null);
        Assert.That(report.StopReason, Is.EqualTo(StopReason.Running));
        Assert.That(report.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Best_evaluation_is_the_first_of_the_most_accurate_and_the_final_one_the_last()
    {
        var report = new TrainingReport(0, EvaluationWeights.Inference, 10);
        double[] accuracies = [0.5, 0.75, 0.6, 0.75, 0.2];

        bool[] isBest =
            [.. accuracies.Select((accuracy, i) => report.Add(new EvaluationResult(i + 1, 0.1f, 5 - i, accuracy, 8, null)))];

        Assert.That(isBest, Is.EqualTo(new[] { true, true, false, false, false }));
        Assert.That(report.BestEvaluation, Is.EqualTo(new EvaluationResult(2, 0.1f, 4, 0.75, 8, null)));
        Assert.That(report.FinalEvaluation, Is.EqualTo(new EvaluationResult(5, 0.1f, 1, 0.2, 8, null)));
        Assert.That(report.Evaluations.Select(evaluation => evaluation.Accuracy), Is.EqualTo(accuracies));
    }

    [Test]
    public void Steps_and_changes_of_rate_are_kept_in_order()
    {
        var report = new TrainingReport(0, EvaluationWeights.Inference, int.MaxValue);
        StepResult first = new(1, 0.5f, 2, 3), second = new(4, 0.25f, 5, 6);
        report.Add(first);
        report.Add(second);
        report.Add(new RateChange(1, 0.5f, 0.25f));

        Assert.That(report.Steps, Is.EqualTo(new[] { first, second }));
        Assert.That(report.RateChanges, Is.EqualTo(new[] { new RateChange(1, 0.5f, 0.25f) }));
    }

    [Test]
    public void Copy_of_a_model_brings_back_latent_and_effective_values_once_kept()
    {
        var parameter = new Parameter("w", 1, 2, true, isBinarized: true);
        var plain = new Parameter("b", 1, 1, false, isBinarized: false);
        var best = new ModelCopy(new StubModel(1, 2, parameter, plain), withEffective: true);
        Assert.That(best.Restore(), Is.False);

        parameter.Latent.Fill(0.5f);
        parameter.Effective.Fill(-1);
        plain.Latent.Fill(2);
        best.Keep();
        parameter.Latent.Fill(9);
        parameter.Effective.Fill(9);
        plain.Latent.Fill(9);

        Assert.That(best.Restore(), Is.True);
        Assert.That(parameter.Latent.ToArray(), Is.EqualTo(new[] { 0.5f, 0.5f }));
        Assert.That(parameter.Effective.ToArray(), Is.EqualTo(new[] { -1f, -1 }));
        Assert.That(plain.Latent.ToArray(), Is.EqualTo(new[] { 2f }));
    }
}
