using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticModelOptionsTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private static readonly LogisticModelOptions Good = new() { Features = 4, Classes = 3 };

    private static IEnumerable<TestCaseData> Faults =>
    [
        new(Good with { Features = 0 }, "'Features' is 0; it must be at least 1."),
        new(Good with { Classes = 1 }, "'Classes' is 1; it must be at least 2."),
        new(
            Good with { Features = 1 << 20, Classes = 1 << 12 },
            "'Features' times 'Classes' is 4,294,967,296; it must be at most 2,147,418,112."),
        new(Good with { InitialMinimum = float.NaN }, "'InitialMinimum' is NaN; it must be finite."),
        new(Good with { InitialMinimum = float.NegativeInfinity }, "'InitialMinimum' is -Infinity; it must be finite."),
        new(Good with { InitialMaximum = float.PositiveInfinity }, "'InitialMaximum' is Infinity; it must be finite."),
        new(Good with { InitialMinimum = 1.5f }, "'InitialMaximum' is 1; it must be at least 'InitialMinimum', 1.5."),
        new(
            Good with { InitialMinimum = -3e38f, InitialMaximum = 3e38f },
            "'InitialMaximum' minus 'InitialMinimum' is Infinity; it must be finite."),
        new(Good with { InitialBias = float.NaN }, "'InitialBias' is NaN; it must be finite."),
        new(Good with { OutputScale = 0 }, "'OutputScale' is 0; it must be positive and finite, or null."),
        new(Good with { OutputScale = -1 }, "'OutputScale' is -1; it must be positive and finite, or null."),
        new(
            Good with { OutputScale = float.PositiveInfinity },
            "'OutputScale' is Infinity; it must be positive and finite, or null."),
    ];

    [Test]
    public void Options_start_as_the_tutorial_has_them()
    {
        Assert.That(Good.Seed, Is.Zero);
        Assert.That(Good.InitialMinimum, Is.Zero);
        Assert.That(Good.InitialMaximum, Is.EqualTo(1));
        Assert.That(Good.InitialBias, Is.EqualTo(1));
        Assert.That(Good.BinarizeBias, Is.False);
        Assert.That(Good.OutputScale, Is.Null);
    }

    [TestCaseSource(nameof(Faults))]
    public void Each_fault_is_named(LogisticModelOptions options, string message)
    {
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => new LogisticModel(options), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void All_faults_are_named_at_once()
    {
        var options = new LogisticModelOptions
        {
            Features = -1,
            Classes = 0,
            InitialMinimum = float.NaN,
            InitialMaximum = float.NaN,
            InitialBias = float.NegativeInfinity,
            OutputScale = float.NaN,
        };

        Assert.That(options.Validate, Throws.ArgumentException.With.Message.EqualTo(string.Join(
            Environment.NewLine,
            "'Features' is -1; it must be at least 1.",
            "'Classes' is 0; it must be at least 2.",
            "'InitialMinimum' is NaN; it must be finite.",
            "'InitialMaximum' is NaN; it must be finite.",
            "'InitialBias' is -Infinity; it must be finite.",
            "'OutputScale' is NaN; it must be positive and finite, or null.")));
    }

    [Test]
    public void Values_at_the_edges_are_in_range()
    {
        var options = new LogisticModelOptions
        {
            Features = 1,
            Classes = 2,
            InitialMinimum = 1,
            InitialMaximum = 1,
            OutputScale = float.Epsilon,
        };
        Assert.That(options.Validate, Throws.Nothing);
        Assert.That(() => (Good with { Features = 2_147_418_112 / 2, Classes = 2 }).Validate(), Throws.Nothing);
    }

    [Test]
    public void More_weights_than_fit_one_buffer_are_refused()
    {
        AssertRefused(1, Array.MaxLength, "2,147,483,591");
        AssertRefused(2_147_418_112 / 2 + 1, 2, "2,147,418,114");
        AssertRefused(int.MaxValue, int.MaxValue, "4,611,686,014,132,420,609");

        static void AssertRefused(int features, int classes, string weights) => Refusal.TakesNoMemory(
            () => _ = new LogisticModel(features, classes),
            Throws.ArgumentException.With.Message.EqualTo(
                $"'Features' times 'Classes' is {weights}; it must be at most 2,147,418,112."));
    }
}
