using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

/// <summary>Arguments that a network refuses.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MultilayerPerceptronFaultTests
{
    private const string NotAfterForward = "The last call was not 'Forward'; 'Backward' must follow 'Forward' of the same batch.";

    private readonly MultilayerPerceptron _model = new(
        new MultilayerPerceptronOptions { Features = 2, HiddenUnits = [4], Classes = 3, HiddenDropout = 0.5f });

    [Test]
    public void Null_arguments_are_refused()
    {
        Assert.That(
            () => new MultilayerPerceptron(null!),
            Throws.ArgumentNullException.With.Message.EqualTo("Value cannot be null. (Parameter 'options')"));
        Assert.That(
            () => _model.Binarize(null!),
            Throws.ArgumentNullException.With.Message.EqualTo("Value cannot be null. (Parameter 'binarizer')"));
        Assert.That(
            () => _model.RecomputeStatistics(null!, 1),
            Throws.ArgumentNullException.With.Message.EqualTo("Value cannot be null. (Parameter 'data')"));
    }

    [Test]
    public void Forward_refuses_what_does_not_fit_and_leaves_all_as_it_was()
    {
        const string Features = "'batch' has length 3; it must have the model's feature count, 2. (Parameter 'batch')";
        const string Logits =
            "'logits' has length 2; it must have a row of classes for each row of the batch, 3. (Parameter 'logits')";
        float[] mean = _model.Statistics[0].Values.ToArray();

        Assert.That(
            () => _model.Forward(new Batch([1, 2, 3], [0]), new float[3]),
            Throws.ArgumentException.With.Message.EqualTo(Features));
        Assert.That(
            () => _model.Infer(new Batch([1, 2, 3], [0]), new float[3]), Throws.ArgumentException.With.Message.EqualTo(Features));
        Assert.That(
            () => _model.Forward(new Batch([1, 2], [0]), new float[2]), Throws.ArgumentException.With.Message.EqualTo(Logits));
        Assert.That(
            () => _model.Infer(new Batch([1, 2], [0]), new float[2]), Throws.ArgumentException.With.Message.EqualTo(Logits));

        Assert.That(_model.Dropouts[0].Draws, Is.Zero);
        Assert.That(_model.Statistics[0].Values.ToArray(), Is.EqualTo(mean));
    }

    // 32,768 rows by 65,536 values are 2³¹.
    [Test]
    public void More_rows_than_the_widest_layer_has_room_for_are_refused()
    {
        const int Rows = 1 << 15;
        const string Message =
            "'{0}' has 32,768 rows; at 65,536 values a row in the widest layer it must have at most 32,767. (Parameter '{0}')";
        var model = new MultilayerPerceptron(
            new MultilayerPerceptronOptions { Features = 1, HiddenUnits = [1 << 16], Classes = 2 });
        float[] features = new float[Rows], logits = new float[2 * Rows];
        int[] labels = new int[Rows];
        Dataset data = Dataset.FromFloats(features, labels, 1, 2);

        AssertRefused(() => model.Forward(new Batch(features, labels), logits), "batch");
        AssertRefused(() => model.Infer(new Batch(features, labels), logits), "batch");
        AssertRefused(() => model.RecomputeStatistics(data, Rows), "batchSize");

        model.Forward(new Batch([1, 2], [0, 1]), new float[4]);
        Assert.That(model.Statistics[0].Values.ToArray(), Has.Some.Not.Zero, "averages move again");

        static void AssertRefused(Action action, string name) => Refusal.TakesNoMemory(
            action,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                string.Format(System.Globalization.CultureInfo.InvariantCulture, Message, name)));
    }

    [Test]
    public void Backward_refuses_what_does_not_fit()
    {
        _model.Forward(new Batch([1, 2, 3, 4], [0, 1]), new float[6]);

        Assert.That(() => _model.Backward(new Batch([1, 2, 3], [0]), new float[3]), Throws.ArgumentException.With.Message.EqualTo(
            "'batch' has length 3; it must have the model's feature count, 2. (Parameter 'batch')"));
        Assert.That(
            () => _model.Backward(new Batch([1, 2, 3, 4], [0, 1]), new float[5]), Throws.ArgumentException.With.Message.EqualTo(
                "'logitsGradient' has length 5; it must have a row of classes for each row of the batch, 6. "
                + "(Parameter 'logitsGradient')"));
        Assert.That(() => _model.Backward(new Batch([1, 2], [0]), new float[3]), Throws.ArgumentException.With.Message.EqualTo(
            "'batch' has 1 rows; it must be the batch last given to 'Forward', of 2. (Parameter 'batch')"));
        Assert.That(() => Backward(rows: 2), Throws.Nothing);
    }

    [Test]
    public void Backward_needs_what_forward_left_behind()
    {
        Assert.That(() => Backward(rows: 2), Throws.InvalidOperationException.With.Message.EqualTo(NotAfterForward));

        _model.Forward(new Batch([1, 2, 3, 4], [0, 1]), new float[6]);
        Assert.That(() => Backward(rows: 2), Throws.Nothing);
        Assert.That(() => Backward(rows: 2), Throws.Nothing, "twice, for another gradient");

        _model.Infer(new Batch([1, 2, 3, 4], [0, 1]), new float[6]);
        Assert.That(() => Backward(rows: 2), Throws.InvalidOperationException.With.Message.EqualTo(NotAfterForward));

        _model.Forward(new Batch([1, 2, 3, 4], [0, 1]), new float[6]);
        _model.RecomputeStatistics(Dataset.FromFloats(new float[8], new int[4], 2, 3), batchSize: 2);
        Assert.That(() => Backward(rows: 2), Throws.InvalidOperationException.With.Message.EqualTo(NotAfterForward));
    }

    [Test]
    public void Statistics_are_not_recomputed_from_data_that_do_not_fit()
    {
        Dataset wide = Dataset.FromFloats(new float[6], new int[2], 3, 3);
        Dataset data = Dataset.FromFloats(new float[8], new int[4], 2, 3);

        Assert.That(() => _model.RecomputeStatistics(wide, 2), Throws.ArgumentException.With.Message.EqualTo(
            "'data' has length 3; it must have the model's feature count, 2. (Parameter 'data')"));
        Assert.That(() => _model.RecomputeStatistics(data, 1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'batchSize' is 1; it must be at least 2. (Parameter 'batchSize')"));
        Assert.That(() => _model.RecomputeStatistics(data, 5), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'batchSize' is 5; it must be at most the number of rows, 4. (Parameter 'batchSize')"));
        Assert.That(_model.Statistics[1].Values.ToArray(), Is.All.EqualTo(1f));
    }

    [Test]
    public void No_threads_are_refused()
    {
        Assert.That(() => _model.MaxDegreeOfParallelism = 0, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'MaxDegreeOfParallelism' is 0; it must be at least 1. (Parameter 'MaxDegreeOfParallelism')"));
        Assert.That(_model.MaxDegreeOfParallelism, Is.EqualTo(1));
    }

    [Test]
    public void A_binarizer_that_throws_is_heard()
    {
        var fault = new InvalidOperationException("no weights today");
        Assert.That(() => _model.Binarize(new OwnBinarizer((_, _) => throw fault)), Throws.Exception.SameAs(fault));
    }

    // NaN weights must give NaN logits, so that the loss is NaN and a trainer stops.
    [Test]
    public void A_binarizer_that_gives_nan_gives_logits_of_nan()
    {
        float[] logits = new float[3];
        _model.Binarize(new OwnBinarizer((_, _) => float.NaN));

        _model.Infer(new Batch([1, 2], [0]), logits);

        Assert.That(logits, Is.All.NaN);
    }

    private void Backward(int rows) => _model.Backward(new Batch(new float[rows * 2], new int[rows]), new float[rows * 3]);
}
