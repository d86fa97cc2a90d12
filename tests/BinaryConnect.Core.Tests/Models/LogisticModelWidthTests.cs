using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>Rows so wide that sums of bytes come to the end of 32 bits, and beyond it.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticModelWidthTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private const int Most = 8_421_504, Classes = 2;

    // After a batch of bytes, the next call of Binarize may make packed signs instead of floats.
    [Test]
    public void Sums_that_fit_32_bits_are_exact()
    {
        LogisticModel model = NewModel(Most);
        var batch = new Batch(White(Most), new int[1], scale: 1, shift: 0);
        float[] logits = new float[Classes];
        for (int i = 0; i < 2; i++)
        {
            model.Forward(batch, logits);
            Assert.That(logits, Is.EqualTo(new[] { 255f * Most, -255f * Most }), $"{i}");
            model.Binarize(new DeterministicBinarizer());
        }
    }

    // As floats, 255 is added to sums that are multiples of up to 128: each addition is off by less than 1 %.
    [Test]
    public void Larger_sums_are_those_of_floats([Values(Most + 1, Most + 64)] int features)
    {
        LogisticModel model = NewModel(features);
        var batch = new Batch(White(features), new int[1], scale: 1f / 255, shift: 0);
        float[] logits = new float[Classes];
        for (int i = 0; i < 2; i++)
        {
            model.Forward(batch, logits);
            Assert.That(logits[0], Is.EqualTo(features).Within(1).Percent, $"{i}");
            Assert.That(logits[1], Is.EqualTo(-features).Within(1).Percent, $"{i}");
            model.Binarize(new DeterministicBinarizer());
        }
    }

    private static byte[] White(int features)
    {
        byte[] bytes = new byte[features];
        bytes.AsSpan().Fill(byte.MaxValue);
        return bytes;
    }

    // One output of positive signs, one of negative.
    private static LogisticModel NewModel(int features)
    {
        var model = new LogisticModel(new LogisticModelOptions { Features = features, Classes = Classes, InitialBias = 0 });
        model.Weights.Latent[..features].Fill(1);
        model.Weights.Latent[features..].Fill(-1);
        model.Binarize(new DeterministicBinarizer());
        return model;
    }
}
