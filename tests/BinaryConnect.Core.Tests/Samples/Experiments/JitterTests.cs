using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.JitterStudy;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The figures and sentences of the experiment jitter.</summary>
internal sealed class JitterTests
{
    // Two classes of three pixels. Weights 0, 1 and 5 flip; 0, 1 and 2 were near 0.
    private static readonly JitterDrop Drop = new(
        Step: 7,
        new StepResult(Loss: 1, LearningRate: 0.1f, SignFlips: 3, WeightChange: 0.06),
        new ModelState([0.005f, -0.002f, 0.009f, 0.5f, -0.5f, -0.02f], [1, 2], Accuracy: 0.75),
        new ModelState([-0.005f, 0.002f, 0.009f, 0.5f, -0.5f, 0.02f], [1.5f, 2], Accuracy: 0.5),
        MeanImage: [0.25f, 0.5f, 0.125f]);

    [Test]
    public void A_drop_counts_flips_and_weights_near_zero()
    {
        Assert.That(Drop.Fall, Is.EqualTo(0.25));
        Assert.That(Drop.Flipped, Is.EqualTo([0, 1, 5]));
        Assert.That(Drop.FlippedNearZero, Is.EqualTo(2));
        Assert.That(Drop.NearZero, Is.EqualTo(3));
        Assert.That(Drop.Changes[0], Is.EqualTo(-0.01).Within(1e-7));
    }

    // Class 0: −2 · 0.25 + 2 · 0.5 + 0.5. Class 1: +2 · 0.125.
    [Test]
    public void Scores_change_by_twice_the_pixels_of_flips_and_by_the_biases() =>
        Assert.That(Drop.ScoreChanges, Is.EqualTo([1, 0.25]).Within(1e-7));

    [Test]
    public void Causes_tell_flips_from_biases()
    {
        var data = MnistData.Tutorial.Test.Take(500);
        var model = new LogisticModel(data.FeatureCount, data.ClassCount, seed: 1);
        ModelState before = ModelState.Of(model, 0);
        float[] weights = [.. before.Weights.Select((weight, i) => i < data.FeatureCount ? -weight : weight)];
        var drop = new JitterDrop(1, default, before, before with { Weights = weights }, new float[data.FeatureCount]);

        DropCauses causes = DropCauses.Of(drop, model, new TrainerOptions(), data);

        // All weights are positive at first: each image has equal scores and class 0, until class 0 turns negative.
        Assert.That(causes.BiasesAlone, Is.EqualTo(data.CountClasses()[0] / 500.0));
        Assert.That(causes.FlipsAlone, Is.EqualTo(data.CountClasses()[1] / 500.0));
        Assert.That(causes.Changed, Is.EqualTo(500));
        Assert.That(causes.Gained[..2], Is.EqualTo([-500, 500]));
        Assert.That(causes.Margin, Is.Zero);
    }

    [TestCase(0.001, "binarization causes most of the jitter.")]
    [TestCase(0.020, "binarization causes a part of the jitter.")]
    [TestCase(0.030, "no clear difference.")]
    [TestCase(0.060, "binarization is not what causes the jitter.")]
    public void Real_weights_decide_what_binarization_causes(double real, string expected) =>
        Assert.That(VariantFindings.Of(Way("SGD", 0.03, 0.7), Way("real", real, 0.8), []).First(), Does.EndWith(expected));

    [TestCase(0.01, 0.8, "The calmest that ends at no lower accuracy is Adam, with 10.0 times the jitter of real weights.")]
    [TestCase(0.01, 0.6, "and all of these end at a lower accuracy after as many steps.")]
    [TestCase(0.06, 0.8, "Conclusion: no other way with signs jitters clearly less than the notebook's.")]
    public void A_calm_way_counts_only_if_it_learns(double jitter, double accuracy, string expected)
    {
        string[] findings =
            [.. VariantFindings.Of(Way("SGD", 0.03, 0.7), Way("real", 0.001, 0.8), [Way("Adam", jitter, accuracy)])];
        Assert.That(findings[2], Does.StartWith("Conclusion: ").And.EndWith(expected));
    }

    [Test]
    public void Single_runs_have_no_conclusion()
    {
        VariantResult one = Way("SGD", 0.03, 0.7) with { Jitter = Spread.Of([0.03]) };
        Assert.That(
            VariantFindings.Of(one, one, [one]).Last(),
            Is.EqualTo("Conclusion: none. A single run of each way cannot rank them."));
    }

    private static VariantResult Way(string name, double jitter, double accuracy)
    {
        Spread spread = Spread.Of([jitter - 0.0005, jitter, jitter + 0.0005]);
        return new VariantResult(name, spread, spread, spread, spread, Spread.Of([accuracy, accuracy]));
    }
}
