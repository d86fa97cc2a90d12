using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Each way a step can diverge: the exception says where and why, and the latent values stay bit for bit.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TrainingDivergenceTests
{
    private readonly Parameter _bias = new("bias", 1, 3, isWeight: false, isBinarized: false);
    private readonly Parameter _weight = new("weight", 2, 2, isWeight: true, isBinarized: true);

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    public void Loss_that_is_not_finite(double loss, string shown)
    {
        int calls = 0;
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(train: () => ++calls < 3 ? 1 : loss) });
        AssertDiverges(step, goodSteps: 2, rate: 0.5f, $"the loss is {shown}");
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    public void Gradient_that_is_not_finite(float value)
    {
        var step = new TrainingStep(Model(value), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        AssertDiverges(step, goodSteps: 0, rate: 0.25f, "the gradient of 'weight' is not finite");
    }

    [Test]
    public void Update_that_is_not_finite_takes_back_every_parameter()
    {
        var step = new TrainingStep(Model(3e38f), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), ClipWeights = false });
        AssertDiverges(step, goodSteps: 0, rate: 4, "the update of 'weight' is not finite");
    }

    // The weights come first, and their own update is fine.
    [Test]
    public void Update_of_a_bias_that_is_not_finite_leaves_the_weights_alone([Values(0.01f, 1e30f)] float weightGradient)
    {
        Numbers.Uniform(1, 3).CopyTo(_bias.Latent);
        Numbers.Uniform(2, 4).CopyTo(_weight.Latent);
        var model = new StubModel(2, 2, _weight, _bias)
        {
            OnBackward = () =>
            {
                _weight.Gradient.Fill(weightGradient);
                _bias.Gradient.Fill(3e38f);
            },
        };

        AssertDiverges(new TrainingStep(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss() }), goodSteps: 0, rate: 4, "the update of 'bias' is not finite");
    }

    // Adam's variance overflows in the first step already; in later ones an infinite mean over an infinite root is NaN.
    [Test]
    public void Update_that_is_nan_since_gradients_were_huge_takes_back_every_parameter()
    {
        float gradient = float.MaxValue;
        var model = new StubModel(2, 2, _bias, _weight)
        {
            OnBackward = () =>
            {
                _bias.Gradient.Fill(0.01f);
                _weight.Gradient.Fill(gradient);
            },
        };
        var optimizer = new Adam();
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer });
        step.Run(new Batch([1, 1], [0]), 0.1f);
        optimizer.StateOf(_weight).Slot(0).Fill(float.PositiveInfinity);
        gradient = 1;

        AssertDiverges(step, goodSteps: 0, rate: 0.1f, "the update of 'weight' is not finite", stepsBefore: 1);
    }

    [Test]
    public void Update_that_is_nan_is_not_hidden_by_the_clip()
    {
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = new NotANumber() });
        AssertDiverges(step, goodSteps: 0, rate: 1, "the update of 'weight' is not finite");
    }

    [Test]
    public void Update_that_overflows_is_clipped_like_any_other_that_is_too_large()
    {
        var step = new TrainingStep(Model(3e38f), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        step.Run(new Batch([1, 1], [0]), 4);
        Assert.That(_weight.Latent[3], Is.EqualTo(-1));
    }

    [Test]
    public void Rate_that_overflows_when_scaled()
    {
        _weight.RateScale = 1e30f;
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        AssertDiverges(step, goodSteps: 0, rate: 1e10f, "the scaled learning rate of 'weight' is not finite");
    }

    [Test]
    public void Exception_says_where_training_diverged()
    {
        var fault = new TrainingDivergedException(1234, 0.5f, "the loss is NaN");
        Assert.That(fault.Step, Is.EqualTo(1234));
        Assert.That(fault.LearningRate, Is.EqualTo(0.5f));
        Assert.That(fault.Report, Is.Null);
        Assert.That(fault.Message, Is.EqualTo(
            "Training diverged at step 1,234: the loss is NaN (learning rate 0.5). The model holds the weights of the last good step, 1,233."));
    }

    private StubModel Model(float lastWeightGradient)
    {
        Numbers.Uniform(1, 3).CopyTo(_bias.Latent);
        Numbers.Uniform(2, 4).CopyTo(_weight.Latent);
        return new StubModel(2, 2, _bias, _weight)
        {
            OnBackward = () =>
            {
                _bias.Gradient.Fill(0.01f);
                _weight.Gradient.Fill(0.01f);
                _weight.Gradient[3] = lastWeightGradient;
            },
        };
    }

    private void AssertDiverges(TrainingStep step, int goodSteps, float rate, string what, int stepsBefore = 0)
    {
        for (int i = 0; i < goodSteps; i++) step.Run(new Batch([1, 1], [0]), rate);
        goodSteps += stepsBefore;
        int[] bias = Numbers.Bits(_bias.Latent), weight = Numbers.Bits(_weight.Latent);

        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(() => step.Run(new Batch([1, 1], [0]), rate))!;

        Assert.That(fault.Message, Is.EqualTo(
            $"Training diverged at step {goodSteps + 1}: {what} (learning rate {rate}). The model holds the weights of the last good step, {goodSteps}."));
        Assert.That(fault.Step, Is.EqualTo(goodSteps + 1));
        Assert.That(fault.LearningRate, Is.EqualTo(rate));
        Assert.That(Numbers.Bits(_bias.Latent), Is.EqualTo(bias));
        Assert.That(Numbers.Bits(_weight.Latent), Is.EqualTo(weight));
        Assert.That(step.StepsTaken, Is.EqualTo(goodSteps));
    }

    /// <summary>Moves the bias as it should and the weights to NaN.</summary>
    private sealed class NotANumber : IOptimizer
    {
        public void Step(Parameter parameter, float learningRate) => parameter.Latent.Fill(parameter.IsWeight ? float.NaN : 0.5f);

        public OptimizerState StateOf(Parameter parameter) => new(parameter.Length);

        public void Reset()
        {
        }
    }
}
