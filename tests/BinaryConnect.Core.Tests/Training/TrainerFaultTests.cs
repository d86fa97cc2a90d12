using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>What a trainer refuses before anything is trained.</summary>
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
        AssertNull(() => _trainer.Fit(_model, null!), "train");
        AssertNull(() => _trainer.FitBatches(null!, sampler), "model");
        AssertNull(() => _trainer.FitBatches(_model, null!), "sampler");
        AssertNull(() => _trainer.Evaluate(null!, _data), "model");
        AssertNull(() => _trainer.Evaluate(_model, null!), "data");

        static void AssertNull(Action action, string name) =>
            Assert.That(() => action(), Throws.ArgumentNullException.With.Message.EqualTo($"Value cannot be null. (Parameter '{name}')"));
    }

    [Test]
    public void Feature_counts_must_be_the_model_s()
    {
        Dataset wide = Dataset.FromFloats(new float[14], new int[2], 7, SmallData.Classes);
        string Message(string name) => $"'{name}' has rows of 7 features; they must have the model's, 6. (Parameter '{name}')";
        Assert.That(() => _trainer.Fit(_model, wide), Throws.ArgumentException.With.Message.EqualTo(Message("train")));
        Assert.That(() => _trainer.Fit(_model, _data, wide), Throws.ArgumentException.With.Message.EqualTo(Message("evaluation")));
        Assert.That(() => _trainer.Evaluate(_model, wide), Throws.ArgumentException.With.Message.EqualTo(Message("data")));
    }

    [Test]
    public void Class_counts_must_be_the_model_s()
    {
        Dataset more = Dataset.FromFloats(new float[12], new int[2], SmallData.Features, 4);
        string Message(string name) => $"'{name}' has 4 classes; it must have the model's, 3. (Parameter '{name}')";
        Assert.That(() => _trainer.Fit(_model, more), Throws.ArgumentException.With.Message.EqualTo(Message("train")));
        Assert.That(() => _trainer.Fit(_model, _data, more), Throws.ArgumentException.With.Message.EqualTo(Message("evaluation")));
        Assert.That(() => _trainer.Evaluate(_model, more), Throws.ArgumentException.With.Message.EqualTo(Message("data")));
    }

    [Test]
    public void Sampler_must_have_the_batch_size_of_the_options() =>
        Assert.That(() => _trainer.FitBatches(_model, new BatchSampler(_data, 5, 0)), Throws.ArgumentException.With.Message.EqualTo(
            "'sampler' has batches of 5 rows; they must have 'BatchSize', 4. (Parameter 'sampler')"));

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
}
