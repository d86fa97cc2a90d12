using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// Each way a step can diverge: the exception gives place and cause, and the latent values stay bit for bit.
/// </summary>
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
        var step = new TrainingStep(
            Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(train: () => ++calls < 3 ? 1 : loss) });
        AssertDiverges(step, goodSteps: 2, rate: 0.5f, $"the loss is {shown}");
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    public void Gradient_that_is_not_finite(float value)
    {
        var step = new TrainingStep(Model(value), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        AssertDiverges(step, goodSteps: 0, rate: 0.25f, "the gradient of 'weight' is not finite");
    }

    [TestCase(1)]
    [TestCase(-1)]
    public void Gradient_of_two_to_the_58_is_a_divergence_and_the_one_below_is_not(int sign)
    {
        float most = MathF.ScaleB(sign, 58);
        var step = new TrainingStep(Model(most), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        AssertDiverges(step, goodSteps: 0, rate: 0.25f, $"the gradient of 'weight' reaches {most}, 2^58 or more in magnitude");

        float below = sign * MathF.BitDecrement(MathF.ScaleB(1, 58));
        step = new TrainingStep(Model(below), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        step.Run(new Batch([1, 1], [0]), 0.25f);
        Assert.That(_weight.Latent[3], Is.EqualTo(-sign), "clipped like any other that is too large");
    }

    [Test]
    public void Rate_of_two_to_the_40_is_fine_and_the_next_is_a_divergence()
    {
        float most = MathF.ScaleB(1, 40), above = MathF.BitIncrement(most);
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });

        AssertDiverges(step, goodSteps: 0, rate: above, $"the scaled learning rate of 'bias' is {above}, above 2^40");
        step.Run(new Batch([1, 1], [0]), most);

        Assert.That(_weight.Latent.ToArray(), Is.All.EqualTo(-1));
        Assert.That(_bias.Latent.ToArray(), Is.All.EqualTo(-0.01f * most).Within(1e-6).Percent);
    }

    [TestCase(1e30f, 1e10f, float.PositiveInfinity)]
    [TestCase(1e30f, 1e-10f, 1e20f)]
    public void Rate_that_is_too_large_when_scaled(float scale, float rate, float scaled)
    {
        _weight.RateScale = scale;
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        AssertDiverges(step, goodSteps: 0, rate, $"the scaled learning rate of 'weight' is {scaled}, above 2^40");
    }

    // For a gradient of 2⁻⁵⁰ Adam takes the variance as 0, but not the mean. With the least ε the step
    // rate · mean / ε is too large for a float.
    [Test]
    public void Update_that_overflows_without_a_clip_takes_back_every_parameter_and_its_state(
        [Values] bool biasFirst, [Values] bool clipsWeights)
    {
        var optimizer = new Adam(epsilon: float.Epsilon);
        float biasGradient = 0.01f;
        StubModel model = Model(() => _bias.Gradient.Fill(biasGradient), biasFirst);
        var step = new TrainingStep(model,
            new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer, ClipWeights = clipsWeights });
        step.Run(new Batch([1, 1], [0]), 0.1f);
        foreach (Parameter parameter in model.Parameters) optimizer.StateOf(parameter).Slot(1).Clear();
        biasGradient = MathF.ScaleB(1, -50);
        float[][] states = StatesOf(model, optimizer);

        AssertDiverges(step, goodSteps: 0, rate: MathF.ScaleB(1, 40), "the update of 'bias' is not finite", stepsBefore: 1);

        Assert.That(StatesOf(model, optimizer), Is.EqualTo(states));
        Assert.That(model.Parameters.Select(parameter => optimizer.StateOf(parameter).Steps), Is.All.EqualTo(1));
    }

    [Test]
    public void Own_optimizer_whose_update_is_nan_is_named([Values] bool clips)
    {
        var optimizer = new OwnOptimizer();
        var step = new TrainingStep(
            Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer, ClipWeights = clips });
        step.Run(new Batch([1, 1], [0]), 0.1f);
        optimizer.OnStep = (parameter, _) => parameter.Latent[0] = parameter.IsWeight ? float.NaN : 0;

        AssertTakesBack(optimizer, () => AssertDiverges(
            step, goodSteps: 0, rate: 1, "the update of 'weight' by OwnOptimizer is not finite", stepsBefore: 1));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Own_optimizer_whose_state_is_not_finite_is_named(float value)
    {
        var optimizer = new OwnOptimizer();
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer });
        step.Run(new Batch([1, 1], [0]), 0.1f);
        optimizer.OnStep = (parameter, state) => state.Slot(0)[2] = parameter.IsWeight ? value : 0;

        string shown = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        AssertTakesBack(optimizer, () => AssertDiverges(
            step,
            goodSteps: 0,
            rate: 1,
            $"the state of 'weight' by OwnOptimizer is not finite: 'velocity' is {shown} at index 2; it must be finite",
            stepsBefore: 1));
    }

    [Test]
    public void Own_optimizer_that_throws_is_taken_back()
    {
        var optimizer = new OwnOptimizer();
        var step = new TrainingStep(Model(1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss(), Optimizer = optimizer });
        step.Run(new Batch([1, 1], [0]), 0.1f);
        var fault = new InvalidOperationException("mine");
        optimizer.OnStep = (parameter, _) =>
        {
            if (parameter.IsWeight) throw fault;
        };
        int[] bias = Numbers.Bits(_bias.Latent), weight = Numbers.Bits(_weight.Latent);

        AssertTakesBack(optimizer, () => Assert.That(Assert.Catch(() => step.Run(new Batch([1, 1], [0]), 1)), Is.SameAs(fault)));

        Assert.That(Numbers.Bits(_bias.Latent), Is.EqualTo(bias));
        Assert.That(Numbers.Bits(_weight.Latent), Is.EqualTo(weight));
        Assert.That(step.StepsTaken, Is.EqualTo(1));
    }

    // Only weights that start within their bound are known to stay finite. Others are copied before a step.
    [TestCase(1f)]
    [TestCase(3e38f)]
    public void Weights_far_beyond_their_bound_are_clipped_or_taken_back(float bound)
    {
        var weight = new Parameter("weight", 16, 8, isWeight: true, isBinarized: true) { Bound = bound };
        weight.Latent.Fill(float.MaxValue);
        var model = new StubModel(2, 2, weight) { OnBackward = () => weight.Gradient.Fill(1) };
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });

        // The sum of so many changes overflows.
        Assert.That(() => step.Run(new Batch([1, 1], [0]), 1),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("the update of 'weight' is not finite"));
        Assert.That(weight.Latent.ToArray(), Is.All.EqualTo(float.MaxValue));
    }

    [Test]
    public void Exception_says_where_training_diverged()
    {
        var fault = new TrainingDivergedException(1234, 0.5f, "the loss is NaN");
        Assert.That(fault.Step, Is.EqualTo(1234));
        Assert.That(fault.LearningRate, Is.EqualTo(0.5f));
        Assert.That(fault.Report, Is.Null);
        Assert.That(fault.Message, Is.EqualTo(
            "Training diverged at step 1,234: the loss is NaN (learning rate 0.5). "
            + "The model holds the weights of the last good step, 1,233."));
    }

    private StubModel Model(float lastWeightGradient) => Model(() => _weight.Gradient[3] = lastWeightGradient);

    private StubModel Model(Action changeGradients, bool biasFirst = true)
    {
        Numbers.Uniform(1, 3).CopyTo(_bias.Latent);
        Numbers.Uniform(2, 4).CopyTo(_weight.Latent);
        return new StubModel(2, 2, biasFirst ? [_bias, _weight] : [_weight, _bias])
        {
            OnBackward = () =>
            {
                _bias.Gradient.Fill(0.01f);
                _weight.Gradient.Fill(0.01f);
                changeGradients();
            },
        };
    }

    private static float[][] StatesOf(StubModel model, Adam optimizer) =>
        [.. model.Parameters.Select(optimizer.StateOf).SelectMany(
            state => Enumerable.Range(0, state.SlotNames.Count).Select(i => state.Slot(i).ToArray()))];

    private void AssertTakesBack(OwnOptimizer optimizer, Action diverge)
    {
        float[] bias = optimizer.StateOf(_bias).Slot(0).ToArray(), weight = optimizer.StateOf(_weight).Slot(0).ToArray();
        diverge();
        Assert.That(optimizer.StateOf(_bias).Slot(0).ToArray(), Is.EqualTo(bias));
        Assert.That(optimizer.StateOf(_weight).Slot(0).ToArray(), Is.EqualTo(weight));
        Assert.That((optimizer.StateOf(_bias).Steps, optimizer.StateOf(_weight).Steps), Is.EqualTo((1, 1)));
    }

    private void AssertDiverges(TrainingStep step, int goodSteps, float rate, string what, int stepsBefore = 0)
    {
        for (int i = 0; i < goodSteps; i++) step.Run(new Batch([1, 1], [0]), rate);
        goodSteps += stepsBefore;
        int[] bias = Numbers.Bits(_bias.Latent), weight = Numbers.Bits(_weight.Latent);

        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(() => step.Run(new Batch([1, 1], [0]), rate))!;

        Assert.That(fault.Message, Is.EqualTo(
            $"Training diverged at step {goodSteps + 1}: {what} (learning rate {rate}). "
            + $"The model holds the weights of the last good step, {goodSteps}."));
        Assert.That(fault.Step, Is.EqualTo(goodSteps + 1));
        Assert.That(fault.LearningRate, Is.EqualTo(rate));
        Assert.That(Numbers.Bits(_bias.Latent), Is.EqualTo(bias));
        Assert.That(Numbers.Bits(_weight.Latent), Is.EqualTo(weight));
        Assert.That(step.StepsTaken, Is.EqualTo(goodSteps));
    }
}
