using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>A batch of bytes gives what the same batch gives as floats.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticModelBytesTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private const int Features = 100;
    private const int Classes = 7;
    private const int RowCount = 9;

    [Test]
    public void Forward_and_backward_of_bytes_are_those_of_floats(
        [Values] bool isBinary, [Values(0f, -0.2f)] float shift, [Values(null, 0.3f)] float? outputScale,
        [Values] bool binarizesBias)
    {
        const float Scale = 1f / 255;
        byte[] bytes = new byte[RowCount * Features];
        new Random(1).NextBytes(bytes);
        float[] floats = Array.ConvertAll(bytes, value => value * Scale + shift);
        int[] labels = Numbers.Labels(1, RowCount, Classes);
        LogisticModel ofBytes = NewModel(), ofFloats = NewModel();
        float[] logits = new float[RowCount * Classes], expected = new float[logits.Length];
        float[] logitsGradient = Numbers.Uniform(3, logits.Length);

        ofBytes.Forward(new Batch(bytes, labels, Scale, shift), logits);
        ofBytes.Backward(new Batch(bytes, labels, Scale, shift), logitsGradient);
        ofFloats.Forward(new Batch(floats, labels), expected);
        ofFloats.Backward(new Batch(floats, labels), logitsGradient);

        Assert.That(Numbers.RelativeError(logits, Numbers.Doubles(expected)), Is.LessThan(1e-6));
        foreach ((Parameter actual, Parameter reference) in ofBytes.Parameters.Zip(ofFloats.Parameters))
        {
            Assert.That(
                Numbers.RelativeError(actual.Gradient, Numbers.Doubles(reference.Gradient)), Is.LessThan(1e-5), actual.Name);
        }

        LogisticModel NewModel()
        {
            var model = new LogisticModel(new LogisticModelOptions
            {
                Features = Features,
                Classes = Classes,
                Seed = 5,
                InitialMinimum = -1,
                BinarizeBias = binarizesBias,
                OutputScale = outputScale,
            });
            model.Binarize(isBinary ? new DeterministicBinarizer() : new IdentityBinarizer());
            return model;
        }
    }

    // Integer sums are exact, so with a scale of 1 the logits are too.
    [Test]
    public void Forward_of_bytes_and_signs_is_exact()
    {
        byte[] bytes = new byte[RowCount * Features];
        new Random(2).NextBytes(bytes);
        var model = new LogisticModel(
            new LogisticModelOptions { Features = Features, Classes = Classes, InitialMinimum = -1, InitialBias = 0 });
        float[] logits = new float[RowCount * Classes];

        model.Forward(new Batch(bytes, new int[RowCount], 1, 0), logits);

        for (int i = 0; i < logits.Length; i++)
        {
            int sum = 0;
            for (int j = 0; j < Features; j++)
                sum += bytes[i / Classes * Features + j] * (int)model.Weights.Effective[i % Classes * Features + j];
            Assert.That(logits[i], Is.EqualTo((float)sum));
        }
    }

    [Test]
    public void Logits_of_another_length_are_refused()
    {
        var model = new LogisticModel(4, 2);

        ArgumentException fault =
            Assert.Throws<ArgumentException>(() => model.Forward(new Batch(new byte[4], new int[1], 1, 0), new float[3]))!;

        Assert.That(fault.Message, Is.EqualTo(
            "'logits' has length 3; it must have a row of classes for each row of the batch, 2. (Parameter 'logits')"));
    }

    [Test]
    public void It_takes_bytes() => Assert.That(new LogisticModel(4, 2).AcceptsBytes, Is.True);
}
