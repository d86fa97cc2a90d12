using BinaryConnect.Losses;
using BinaryConnect.Training.Checkpoints;

namespace BinaryConnect.Tests.Training;

/// <summary>Samples of objects that do not describe their settings, compared with the texts of a file.</summary>
internal sealed class SettingsSamplesTests
{
    private const string Key = "loss.sample_gradient";

    [Test]
    public void Numbers_are_compared_to_five_digits()
    {
        SettingsSamples samples = OfLoss();

        Assert.That(samples.AreSame(Key, "1 -0.5 nan", "1.000001 -0.500001 NaN"));
        Assert.That(samples.AreSame(Key, "1 -0.5", "1.001 -0.5"), Is.False);
        Assert.That(samples.AreSame(Key, "1 2", "1 2 3"), Is.False);
        Assert.That(samples.AreSame(Key, "1 x", "1 x"), Is.False);
        Assert.That(samples.AreSame("other", "1", "1"), Is.False);
        Assert.That(samples.AreSame(Key, samples.Texts[Key], samples.Texts[Key]));
    }

    // Its numbers would take several times its memory.
    [Test]
    public void A_text_of_many_numbers_is_not_split()
    {
        const int Length = 1_000_000;
        SettingsSamples samples = OfLoss();
        string text = string.Concat(Enumerable.Repeat("1 ", Length / 2));
        Assert.That(samples.AreSame(Key, text, samples.Texts[Key]), Is.False);

        long before = GC.GetAllocatedBytesForCurrentThread();
        samples.AreSame(Key, text, samples.Texts[Key]);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
    }

    private static SettingsSamples OfLoss()
    {
        var samples = new SettingsSamples();
        samples.AddLoss("loss", new CrossEntropyLoss(), classes: 3, batchSize: 4);
        return samples;
    }
}
