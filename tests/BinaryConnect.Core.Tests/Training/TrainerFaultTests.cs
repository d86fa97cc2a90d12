using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Arguments that a trainer refuses before it trains.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TrainerFaultTests
{
    private readonly Dataset _data = SmallData.Floats(10);
    private readonly LogisticModel _model = new(SmallData.Features, SmallData.Classes);
    private readonly Trainer _trainer = new(new TrainerOptions { BatchSize = 4 });

    [Test]
    public void Null_arguments_are_refused()
    {
        var sampler = new BatchSampler(_data, 4, 0);
        AssertNull(() => _ = new Trainer(null!), "options");
        AssertNull(() => _trainer.Fit(null!, _data), "model");
        AssertNull(() => _trainer.Fit(_model, (Dataset)null!), "train");
        AssertNull(() => _trainer.Fit(null!, sampler), "model");
        AssertNull(() => _trainer.Fit(_model, (BatchSampler)null!), "sampler");
        AssertNull(() => _trainer.Evaluate(null!, _data), "model");
        AssertNull(() => _trainer.Evaluate(_model, null!), "data");

        static void AssertNull(Action action, string name) =>
            Assert.That(
                () => action(), Throws.ArgumentNullException.With.Message.EqualTo($"Value cannot be null. (Parameter '{name}')"));
    }

    [Test]
    public void Feature_counts_must_be_the_model_s()
    {
        Dataset wide = Dataset.FromFloats(new float[14], new int[2], 7, SmallData.Classes);
        string Message(string name) => $"'{name}' has rows of 7 features; they must have the model's, 6. (Parameter '{name}')";
        Assert.That(() => _trainer.Fit(_model, wide), Throws.ArgumentException.With.Message.EqualTo(Message("train")));
        Assert.That(
            () => _trainer.Fit(_model, _data, wide), Throws.ArgumentException.With.Message.EqualTo(Message("evaluation")));
        Assert.That(() => _trainer.Evaluate(_model, wide), Throws.ArgumentException.With.Message.EqualTo(Message("data")));
    }

    [Test]
    public void Class_counts_must_be_the_model_s()
    {
        Dataset more = Dataset.FromFloats(new float[12], new int[2], SmallData.Features, 4);
        string Message(string name) => $"'{name}' has 4 classes; it must have the model's, 3. (Parameter '{name}')";
        Assert.That(() => _trainer.Fit(_model, more), Throws.ArgumentException.With.Message.EqualTo(Message("train")));
        Assert.That(
            () => _trainer.Fit(_model, _data, more), Throws.ArgumentException.With.Message.EqualTo(Message("evaluation")));
        Assert.That(() => _trainer.Evaluate(_model, more), Throws.ArgumentException.With.Message.EqualTo(Message("data")));
    }

    [Test]
    public void Sampler_must_have_the_batch_size_of_the_options() =>
        Assert.That(() => _trainer.Fit(_model, new BatchSampler(_data, 5, 0)), Throws.ArgumentException.With.Message.EqualTo(
            "'sampler' has batches of 5 rows; they must have 'BatchSize', 4. (Parameter 'sampler')"));

    [Test]
    public void A_batch_whose_logits_do_not_fit_one_buffer_is_refused()
    {
        var model = new LogisticModel(2, 10);
        Dataset data = Dataset.FromFloats(new float[4], new int[2], 2, 10);
        var options = new TrainerOptions { BatchSize = 1 << 28 };
        AssertTooLarge(() => new Trainer(options).Fit(model, data), "268,435,456", "of 10 classes", "214,741,811");
        AssertTooLarge(
            () => new Trainer(options with { CheckpointPath = "unused" }).Resume(model, data), "268,435,456", "of 10 classes",
            "214,741,811");
        AssertTooLarge(() => _ = new TrainingStep(model, options), "268,435,456", "of 10 classes", "214,741,811");
        AssertTooLarge(
            () => _ = new TrainingStep(model, options with { BatchSize = 214_741_812 }), "214,741,812", "of 10 classes",
            "214,741,811");
        AssertTooLarge(
            () => _ = new TrainingStep(model, options with { BatchSize = int.MaxValue }), "2,147,483,647", "of 10 classes",
            "214,741,811");
    }

    [Test]
    public void A_batch_that_does_not_fit_the_widest_layer_is_refused()
    {
        var model = new MultilayerPerceptron(
            new MultilayerPerceptronOptions { Features = 1, HiddenUnits = [1 << 16], Classes = 2 });
        Dataset data = Dataset.FromFloats(new float[2], new int[2], 1, 2);

        AssertTooLarge(
            () => new Trainer(new TrainerOptions { BatchSize = 1 << 15 }).Fit(model, data), "32,768", "of 2 classes", "32,767");
    }

    [Test]
    public void A_batch_whose_features_do_not_fit_one_buffer_is_refused() => Refusal.TakesNoMemory(
        () => new Trainer(new TrainerOptions { BatchSize = 1 << 29 }).Fit(_model, _data),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'batchSize' is 536,870,912; at 6 features a row, a batch must fit into an array of 2,147,483,591 values. "
            + "(Parameter 'batchSize')"));

    // 65,536 rows by 65,536 classes are 2³².
    [Test]
    public void Outputs_of_networks_drawn_at_random_that_do_not_fit_one_buffer_are_refused()
    {
        const int Count = 1 << 16;
        var model = new LogisticModel(1, Count);
        Dataset data = Dataset.FromFloats(new float[Count], new int[Count], 1, Count);
        var options = new TrainerOptions
        {
            BatchSize = 1,
            Binarizer = new StochasticBinarizer(1),
            EvaluationWeights = EvaluationWeights.SampledAverage,
        };
        const string Message =
            ".Count' times 'ClassCount' is 4,294,967,296; it must be at most 2,147,418,112. (Parameter 'ClassCount')";

        Refusal.TakesNoMemory(
            () => new Trainer(options).Fit(model, data, data),
            Throws.ArgumentException.With.Message.EqualTo("'evaluation" + Message));
        Refusal.TakesNoMemory(
            () => new Trainer(options).Evaluate(model, data, EvaluationWeights.SampledAverage),
            Throws.ArgumentException.With.Message.EqualTo("'data" + Message));
    }

    [Test]
    public void Evaluations_need_something_to_evaluate_on() =>
        Assert.That(
            () => new Trainer(new TrainerOptions { BatchSize = 4, EvaluateEverySteps = 1000 }).Fit(_model, _data),
            Throws.ArgumentNullException.With.Message.EqualTo(
                "'evaluation' is null; to evaluate every 1,000 steps it must be a data set. (Parameter 'evaluation')"));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Model_with_values_that_are_not_finite_is_refused_before_training(float value)
    {
        _model.Bias.Latent[2] = value;
        int[] weights = Numbers.Bits(_model.Weights.Latent);

        Assert.That(() => _trainer.Fit(_model, _data), Throws.ArgumentException.With.Message.EqualTo(
            "'bias' of the model has NaN or infinite values; all must be finite. (Parameter 'model')"));
        Assert.That(Numbers.Bits(_model.Weights.Latent), Is.EqualTo(weights));
    }

    private static void AssertTooLarge(Action action, string batchSize, string classes, string most) => Refusal.TakesNoMemory(
        action,
        Throws.ArgumentException.With.Message.EqualTo(
            $"'BatchSize' is {batchSize}; for this model, {classes}, it must be at most {most}. (Parameter 'options')"));
}
