using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Support;

/// <summary>The result of a run: every bit of the model, and all of the report but the time.</summary>
internal sealed record Outcome(
    int[] Model, int[] Effective, IReadOnlyList<StepResult> Steps, IReadOnlyList<EvaluationResult> Evaluations,
    IReadOnlyList<RateChange> RateChanges, StopReason StopReason)
{
    public static Outcome Of(IModel model, TrainingReport report) => new(
        SmallNetwork.Bits(model),
        [.. model.Parameters.SelectMany(parameter => Numbers.Bits(parameter.Effective))],
        report.Steps,
        report.Evaluations,
        report.RateChanges,
        report.StopReason);

    /// <summary>Fails unless another run has the same result.</summary>
    public void AssertSame(Outcome other, string what)
    {
        Assert.That(other.StopReason, Is.EqualTo(StopReason), what);
        Assert.That(other.Steps, Is.EqualTo(Steps), what);
        Assert.That(other.Evaluations, Is.EqualTo(Evaluations), what);
        Assert.That(other.RateChanges, Is.EqualTo(RateChanges), what);
        Assert.That(other.Model, Is.EqualTo(Model), what);
        Assert.That(other.Effective, Is.EqualTo(Effective), what);
    }
}
