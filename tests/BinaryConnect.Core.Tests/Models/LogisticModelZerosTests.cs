using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>Inputs that are mostly 0, as those of an image are: a product may skip them.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticModelZerosTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private const int RowCount = 67;
    private const float Scale = 1f / 255;

    public enum Kept
    {
        Floats,
        Bytes,
        Copies,
    }

    [Test]
    public void Forward_and_backward_are_their_formulas(
        [Values(5, 8, 100, 784)] int features, [Values(7, 10, 23)] int classes, [Values] bool isBinary, [Values] Kept kept)
    {
        LogisticModel model = NewModel(features, classes, isBinary);
        byte[] pixels = Images(RowCount, features);

        CheckAgainstFormulas(model, pixels, kept);
    }

    // One model sees images, then dense rows, then images of another number.
    [Test]
    public void Each_batch_is_taken_as_it_is([Values] Kept kept)
    {
        const int Features = 100;
        LogisticModel model = NewModel(Features, classes: 10, isBinary: true);
        byte[] dense = new byte[RowCount * Features];
        new Random(3).NextBytes(dense);

        CheckAgainstFormulas(model, Images(RowCount, Features), kept);
        CheckAgainstFormulas(model, dense, kept);
        CheckAgainstFormulas(model, Images(2 * RowCount, Features), kept);
        CheckAgainstFormulas(model, Images(1, Features), kept);
    }

    private static LogisticModel NewModel(int features, int classes, bool isBinary)
    {
        var model = new LogisticModel(
            new LogisticModelOptions { Features = features, Classes = classes, Seed = 1, InitialMinimum = -1 });
        model.Binarize(isBinary ? new DeterministicBinarizer() : new IdentityBinarizer());
        return model;
    }

    // Each row has one nonzero block, a third of its length, at a random place.
    private static byte[] Images(int rows, int features)
    {
        var random = new Random(2);
        byte[] pixels = new byte[rows * features];
        for (int i = 0; i < rows; i++)
        {
            int length = Math.Max(1, features / 3), start = random.Next(features - length + 1);
            random.NextBytes(pixels.AsSpan(i * features + start, length));
        }

        return pixels;
    }

    // The same rows as a sampler copies them, apart from one another, while the next batch's are to be copied.
    private static Batch Drawn(byte[] pixels, int rows)
    {
        int features = pixels.Length / rows, stride = features + 3;
        byte[] copies = new byte[rows * stride];
        for (int i = 0; i < rows; i++) pixels.AsSpan(i * features, features).CopyTo(copies.AsSpan(i * stride));
        return new Batch(new ByteRows(copies, rows, features, stride), new int[rows], Scale, 0)
        {
            Ahead = RowsAhead.Of(pixels, features),
        };
    }

    private static void CheckAgainstFormulas(LogisticModel model, byte[] pixels, Kept kept)
    {
        int features = model.FeatureCount, classes = model.ClassCount, rows = pixels.Length / features;
        float[] floats = Array.ConvertAll(pixels, pixel => pixel * Scale), logits = new float[rows * classes];
        float[] logitsGradient = Numbers.Uniform(4, logits.Length);
        Batch batch = kept switch
        {
            Kept.Floats => new Batch(floats, new int[rows]),
            Kept.Bytes => new Batch(pixels, new int[rows], Scale, 0),
            _ => Drawn(pixels, rows),
        };

        model.Forward(batch, logits);
        model.Backward(batch, logitsGradient);

        double[] expectedLogits = ReferenceLogistic.Logits(
            floats, Numbers.Doubles(model.Weights.Effective), Numbers.Doubles(model.Bias.Effective));
        double[] expectedGradient = ReferenceLogistic.WeightGradient(floats, Numbers.Doubles(logitsGradient), classes);
        Assert.That(Numbers.RelativeError(logits, expectedLogits), Is.LessThan(1e-6), "logits");
        Assert.That(Numbers.RelativeError(model.Weights.Gradient, expectedGradient), Is.LessThan(1e-6), "gradient");
    }
}
