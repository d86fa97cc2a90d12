using BinaryConnect.Models;

namespace BinaryConnect.Tests.Models;

internal sealed class MultilayerPerceptronOptionsTests
{
    private static readonly MultilayerPerceptronOptions Good = new() { Features = 4, HiddenUnits = [8, 6], Classes = 3 };

    private static IEnumerable<TestCaseData> Faults =>
    [
        new(Good with { Features = 0 }, "'Features' is 0; it must be from 1 to 67,108,864."),
        new(Good with { Features = 67_108_865, HiddenUnits = [1] }, "'Features' is 67,108,865; it must be from 1 to 67,108,864."),
        new(Good with { Classes = 1 }, "'Classes' is 1; it must be from 2 to 67,108,864."),
        new(
            Good with { Classes = int.MaxValue, HiddenUnits = [1] },
            "'Classes' is 2,147,483,647; it must be from 2 to 67,108,864."),
        new(Good with { HiddenUnits = null! }, "'HiddenUnits' is null; it must be set."),
        new(Good with { HiddenUnits = [8, 0] }, "'HiddenUnits' has 0 at 1; it must be from 1 to 67,108,864."),
        new(Good with { HiddenUnits = [-1, 8] }, "'HiddenUnits' has -1 at 0; it must be from 1 to 67,108,864."),
        new(
            Good with { HiddenUnits = [32_768, 32_769] },
            "Layer 2 has 32,768 times 32,769 weights; it must have at most 1,073,741,824."),
        new(Good with { Activation = (Activation)7 }, "'Activation' is 7; it must be one of Relu, Identity, Sign."),
        new(Good with { Normalization = (Normalization)(-1) }, "'Normalization' is -1; it must be one of None, Batch."),
        new(Good with { NormalizationEpsilon = 0 }, "'NormalizationEpsilon' is 0; it must be positive and finite."),
        new(
            Good with { NormalizationEpsilon = float.PositiveInfinity },
            "'NormalizationEpsilon' is Infinity; it must be positive and finite."),
        new(Good with { NormalizationMomentum = 0 }, "'NormalizationMomentum' is 0; it must be above 0 and at most 1."),
        new(Good with { NormalizationMomentum = 1.01f }, "'NormalizationMomentum' is 1.01; it must be above 0 and at most 1."),
        new(Good with { InputDropout = 1 }, "'InputDropout' is 1; it must be at least 0 and below 1."),
        new(Good with { HiddenDropout = -0.1f }, "'HiddenDropout' is -0.1; it must be at least 0 and below 1."),
        new(Good with { HiddenDropout = float.NaN }, "'HiddenDropout' is NaN; it must be at least 0 and below 1."),
        new(Good with { Bound = float.NaN }, "'Bound' is NaN; it must be positive and finite."),
        new(Good with { InitialRange = 0 }, "'InitialRange' is 0; it must be positive and at most 'Bound', 1, or null."),
        new(
            Good with { InitialRange = 0.6f, Bound = 0.5f },
            "'InitialRange' is 0.6; it must be positive and at most 'Bound', 0.5, or null."),
        new(
            Good with { InitialRange = float.NaN },
            "'InitialRange' is NaN; it must be positive and at most 'Bound', 1, or null."),
    ];

    // A checkpoint takes the settings of a model from its options.
    [Test]
    public void Hidden_units_are_copied()
    {
        var units = new List<int> { 8, 6 };
        var model = new MultilayerPerceptron(Good with { HiddenUnits = units });
        string settings = model.ToString();

        units[0] = 0;
        units.Add(5);

        Assert.That(model.Options.HiddenUnits, Is.EqualTo(new[] { 8, 6 }));
        Assert.That(model.ToString(), Is.EqualTo(settings));
    }

    [Test]
    public void Options_start_as_the_papers_experiment_has_them()
    {
        Assert.That((Good.Activation, Good.Normalization), Is.EqualTo((Activation.Relu, Normalization.Batch)));
        Assert.That((Good.NormalizationEpsilon, Good.NormalizationMomentum), Is.EqualTo((1e-4f, 0.15f)));
        Assert.That((Good.InputDropout, Good.HiddenDropout), Is.EqualTo((0f, 0f)));
        Assert.That((Good.Bound, Good.InitialRange, Good.Seed), Is.EqualTo((1f, (float?)null, 0)));
    }

    [TestCaseSource(nameof(Faults))]
    public void Each_fault_is_named(MultilayerPerceptronOptions options, string message)
    {
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => new MultilayerPerceptron(options), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void All_faults_are_named_at_once()
    {
        var options = new MultilayerPerceptronOptions
        {
            Features = -1,
            HiddenUnits = [3, 0, 40_000, 40_000],
            Classes = 0,
            Activation = (Activation)9,
            Normalization = (Normalization)2,
            NormalizationEpsilon = -1,
            NormalizationMomentum = float.NaN,
            InputDropout = 2,
            HiddenDropout = -2,
            Bound = 0,
            InitialRange = -3,
        };

        Assert.That(options.Validate, Throws.ArgumentException.With.Message.EqualTo(string.Join(
            Environment.NewLine,
            "'Features' is -1; it must be from 1 to 67,108,864.",
            "'Classes' is 0; it must be from 2 to 67,108,864.",
            "'HiddenUnits' has 0 at 1; it must be from 1 to 67,108,864.",
            "Layer 4 has 40,000 times 40,000 weights; it must have at most 1,073,741,824.",
            "'Activation' is 9; it must be one of Relu, Identity, Sign.",
            "'Normalization' is 2; it must be one of None, Batch.",
            "'NormalizationEpsilon' is -1; it must be positive and finite.",
            "'Bound' is 0; it must be positive and finite.",
            "'NormalizationMomentum' is NaN; it must be above 0 and at most 1.",
            "'InputDropout' is 2; it must be at least 0 and below 1.",
            "'HiddenDropout' is -2; it must be at least 0 and below 1.",
            "'InitialRange' is -3; it must be positive and at most 'Bound', 0, or null.")));
    }

    [Test]
    public void Values_at_the_edges_are_in_range()
    {
        var options = new MultilayerPerceptronOptions
        {
            Features = 1,
            HiddenUnits = [1],
            Classes = 2,
            NormalizationEpsilon = float.Epsilon,
            NormalizationMomentum = 1,
            InputDropout = MathF.BitDecrement(1),
            Bound = float.MaxValue,
            InitialRange = float.MaxValue,
        };

        Assert.That(options.Validate, Throws.Nothing);
        Assert.That((Good with { Features = 1 << 26, HiddenUnits = [16, 1 << 26], Classes = 16 }).Validate, Throws.Nothing);
    }
}
