using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Models;

/// <summary>The span functions of the model, and what each member refuses.</summary>
[TestFixtureSource(typeof(ZerosFixture), nameof(ZerosFixture.Forms))]
internal sealed class LogisticModelFaultTests(bool skipsZeros) : ZerosFixture(skipsZeros)
{
    private LogisticModel _model = null!;

    [SetUp]
    public void MakeModel() => _model = new LogisticModel(2, 3);

    [Test]
    public void Static_logits_are_scale_times_product_plus_bias()
    {
        float[] logits = new float[4];

        LogisticModel.Logits([1, 2, 3, 4], [1, -1, 0.5f, 2], [10, 20], logits, scale: 2);
        Assert.That(logits, Is.EqualTo(new[] { 8f, 29, 8, 39 }));

        LogisticModel.Logits([1, 2, 3, 4], [1, -1, 0.5f, 2], [10, 20], logits);
        Assert.That(logits, Is.EqualTo(new[] { 9f, 24.5f, 9, 29.5f }));
    }

    [Test]
    public void Static_probabilities_are_the_softmax_of_the_logits()
    {
        float[] probabilities = new float[4];

        LogisticModel.Probabilities([1, 0], [1, -1], [0, MathF.Log(3)], probabilities);

        double e = Math.Exp(1), f = 3 * Math.Exp(-1);
        Assert.That(probabilities, Is.EqualTo(new[] { e / (e + f), f / (e + f), 0.25, 0.75 }).Within(1e-6));
    }

    // 128 rows of so many classes are 2³¹ logits.
    [Test]
    public void Probabilities_of_very_many_classes_are_those_of_few()
    {
        const int Classes = 1 << 24;
        float[] weights = new float[Classes], probabilities = new float[2 * Classes];
        weights[5] = 2;

        LogisticModel.Probabilities([0, 10], weights, new float[Classes], probabilities);

        double e = Math.Exp(20), others = Classes - 1;
        Assert.That(probabilities[0], Is.EqualTo(1.0 / Classes).Within(1).Percent);
        Assert.That(probabilities[Classes + 5], Is.EqualTo(e / (e + others)).Within(1).Percent);
        Assert.That(probabilities[^1], Is.EqualTo(1 / (e + others)).Within(1).Percent);
    }

    [Test]
    public void Probabilities_sum_to_one_and_ignore_a_shift_of_the_bias() =>
        Gen.Select(Gen.Float[-50, 50].Array[2, 20], Gen.Float[-20, 20]).Sample(
            (bias, shift) =>
            {
                float[] weights = new float[bias.Length], plain = new float[bias.Length], shifted = new float[bias.Length];
                LogisticModel.Probabilities([1], weights, bias, plain);
                LogisticModel.Probabilities([1], weights, Array.ConvertAll(bias, b => b + shift), shifted);
                return Math.Abs(plain.Sum(p => (double)p) - 1) < 1e-5
                    && plain.All(p => p is >= 0 and <= 1)
                    && plain.Zip(shifted).All(pair => Math.Abs(pair.First - pair.Second) < 2e-5);
            },
            iter: 200,
            threads: 1);

    [Test]
    public void No_rows_give_no_results()
    {
        Assert.That(() => LogisticModel.Logits([], [1], [1], []), Throws.Nothing);
        Assert.That(() => _model.PredictProbabilities([], []), Throws.Nothing);
    }

    [Test]
    public void Null_arguments_are_refused()
    {
        Assert.That(() => new LogisticModel(null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'options')"));
        Assert.That(() => _model.Binarize(null!), Throws.ArgumentNullException.With.Message.EqualTo(
            "Value cannot be null. (Parameter 'binarizer')"));
    }

    [Test]
    public void Counts_out_of_range_are_refused() =>
        Assert.That(() => new LogisticModel(0, 1), Throws.ArgumentException.With.Message.EqualTo(
            $"'Features' is 0; it must be at least 1.{Environment.NewLine}'Classes' is 1; it must be at least 2."));

    [Test]
    public void Forward_refuses_what_does_not_fit()
    {
        Assert.That(() => _model.Forward(new Batch([1, 2, 3], [0]), new float[3]), Throws.ArgumentException.With.Message.EqualTo(
            "'batch' has length 3; it must have the model's feature count, 2. (Parameter 'batch')"));
        Assert.That(() => _model.Forward(new Batch([1, 2], [0]), new float[2]), Throws.ArgumentException.With.Message.EqualTo(
            "'logits' has length 2; it must have a row of classes for each row of the batch, 3. (Parameter 'logits')"));
    }

    [Test]
    public void Backward_refuses_what_does_not_fit()
    {
        Assert.That(() => _model.Backward(new Batch([1, 2, 3], [0]), new float[3]), Throws.ArgumentException.With.Message.EqualTo(
            "'batch' has length 3; it must have the model's feature count, 2. (Parameter 'batch')"));
        Assert.That(() => _model.Backward(new Batch([1, 2], [0]), new float[2]), Throws.ArgumentException.With.Message.EqualTo(
            "'logitsGradient' has length 2; it must have a row of classes for each row of the batch, 3. "
            + "(Parameter 'logitsGradient')"));
    }

    [Test]
    public void Prediction_refuses_what_does_not_fit()
    {
        float[] six = new float[6];
        Assert.That(() => _model.Predict([1]), Throws.ArgumentException.With.Message.EqualTo(
            "'features' has length 1; it must have the model's feature count, 2. (Parameter 'features')"));
        Assert.That(() => _model.PredictProbabilities([1, 2, 3], new float[3]), Throws.ArgumentException.With.Message.EqualTo(
            "'features' has length 3; it must be a whole number of rows of 'FeatureCount', 2. (Parameter 'features')"));
        Assert.That(() => _model.PredictProbabilities([1, 2], new float[4]), Throws.ArgumentException.With.Message.EqualTo(
            "'probabilities' has length 4; it must have a row of classes for each row of 'features', 3. "
            + "(Parameter 'probabilities')"));
        Assert.That(() => _model.PredictProbabilities(six.AsSpan(0, 4), six), Throws.ArgumentException.With.Message.EqualTo(
            "'probabilities' overlaps 'features'; the two must be apart. (Parameter 'probabilities')"));
    }

    [Test]
    public void Span_functions_refuse_what_does_not_fit()
    {
        float[] four = new float[4];
        Assert.That(
            () => LogisticModel.Logits(four, four, [], four), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'bias.Length' is 0; it must be at least 1. (Parameter 'bias.Length')"));
        Assert.That(() => LogisticModel.Logits(four, four, new float[3], four), Throws.ArgumentException.With.Message.EqualTo(
            "'weights' has length 4; it must be a whole number of rows of 'bias.Length', 3. (Parameter 'weights')"));
        Assert.That(
            () => LogisticModel.Logits(four, [], new float[2], four),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'weights.Length / bias.Length' is 0; it must be at least 1. (Parameter 'weights.Length / bias.Length')"));
        Assert.That(
            () => LogisticModel.Logits(four, new float[6], new float[2], four), Throws.ArgumentException.With.Message.EqualTo(
                "'features' has length 4; it must be a whole number of rows of 'weights.Length / bias.Length', 3. "
                + "(Parameter 'features')"));
        Assert.That(
            () => LogisticModel.Logits(four, new float[4], new float[2], new float[3]),
            Throws.ArgumentException.With.Message.EqualTo(
                "'logits' has length 3; it must have a row of classes for each row of 'features', 4. (Parameter 'logits')"));
        Assert.That(
            () => LogisticModel.Probabilities(four, new float[4], new float[2], new float[3]),
            Throws.ArgumentException.With.Message.EqualTo(
                "'probabilities' has length 3; it must have a row of classes for each row of 'features', 4. "
                + "(Parameter 'probabilities')"));
    }

    // 65,537 · 65,536 is 65,536 in 32 bits, and 65,536 · 65,536 is 0.
    [Test]
    public void A_length_beyond_32_bits_is_refused_as_it_is()
    {
        float[] some = new float[65_536], more = new float[65_537];
        Assert.That(() => LogisticModel.Logits(more, some, some, some), Throws.ArgumentException.With.Message.EqualTo(
            "'logits' has length 65,536; it must have a row of classes for each row of 'features', 4,295,032,832. "
            + "(Parameter 'logits')"));
        Assert.That(() => LogisticModel.Logits(some, some, some, []), Throws.ArgumentException.With.Message.EqualTo(
            "'logits' has length 0; it must have a row of classes for each row of 'features', 4,294,967,296. "
            + "(Parameter 'logits')"));
        Assert.That(() => LogisticModel.Probabilities(more, some, some, some), Throws.ArgumentException.With.Message.EqualTo(
            "'probabilities' has length 65,536; it must have a row of classes for each row of 'features', 4,295,032,832. "
            + "(Parameter 'probabilities')"));
    }

    [Test]
    public void Members_refuse_a_length_beyond_32_bits_as_it_is()
    {
        var model = new LogisticModel(1, 65_536);
        float[] logits = new float[65_536];
        float[] floats = new float[65_537];
        byte[] bytes = new byte[65_537];
        int[] labels = new int[65_537];
        const string Rest = " has length 65,536; it must have a row of classes for each row of ";
        const string OfProbabilities =
            "'probabilities'" + Rest + "'features', 4,295,032,832. (Parameter 'probabilities')";
        const string OfLogits = "'logits'" + Rest + "the batch, 4,295,032,832. (Parameter 'logits')";
        const string OfGradient = "'logitsGradient'" + Rest + "the batch, 4,295,032,832. (Parameter 'logitsGradient')";

        Assert.That(
            () => model.Forward(new Batch(floats, labels), logits), Throws.ArgumentException.With.Message.EqualTo(OfLogits));
        Assert.That(
            () => model.Forward(new Batch(bytes, labels, 1, 0), logits), Throws.ArgumentException.With.Message.EqualTo(OfLogits));
        Assert.That(
            () => model.Backward(new Batch(floats, labels), logits), Throws.ArgumentException.With.Message.EqualTo(OfGradient));
        Assert.That(
            () => model.Backward(new Batch(bytes, labels, 1, 0), logits),
            Throws.ArgumentException.With.Message.EqualTo(OfGradient));
        Assert.That(
            () => model.PredictProbabilities(floats, logits), Throws.ArgumentException.With.Message.EqualTo(OfProbabilities));
    }

    [Test]
    public void Span_functions_refuse_results_that_overlap_an_input()
    {
        float[] shared = new float[4];
        Assert.That(
            () => LogisticModel.Logits(shared, new float[4], new float[2], shared), Throws.ArgumentException.With.Message.EqualTo(
                "'logits' overlaps 'features'; the two must be apart. (Parameter 'logits')"));
        Assert.That(
            () => LogisticModel.Logits(new float[4], shared, new float[2], shared), Throws.ArgumentException.With.Message.EqualTo(
                "'logits' overlaps 'weights'; the two must be apart. (Parameter 'logits')"));
        Assert.That(
            () => LogisticModel.Logits(new float[4], new float[4], shared.AsSpan(0, 2), shared),
            Throws.ArgumentException.With.Message.EqualTo(
                "'logits' overlaps 'bias'; the two must be apart. (Parameter 'logits')"));
        Assert.That(
            () => LogisticModel.Probabilities(new float[4], shared, new float[2], shared),
            Throws.ArgumentException.With.Message.EqualTo(
                "'probabilities' overlaps 'weights'; the two must be apart. (Parameter 'probabilities')"));
    }
}
