using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>
/// A step that fails changes nothing: the next step gives the same bits as without the failed one.
/// </summary>
internal sealed class StepSnapshotTests
{
    private const int Rows = 6;

    private static readonly float[] Inputs = Numbers.Uniform(3, Rows * SmallData.Features);
    private static readonly int[] Labels = [0, 1, 2, 1, 0, 2];

    private static IEnumerable<TestCaseData> Faults =>
    [
        new TestCaseData((Action<Failing>)(failing => failing.Loss = double.NaN)).SetArgDisplayNames("the loss is NaN"),
        new TestCaseData((Action<Failing>)(failing => failing.Gradient = float.NaN)).SetArgDisplayNames("a gradient is NaN"),
        new TestCaseData((Action<Failing>)(failing => failing.Fault = new InvalidOperationException("mine")))
            .SetArgDisplayNames("the loss throws"),
    ];

    // Statistics, the moments of Adam, and the draws of binarizer and dropout.
    [TestCaseSource(nameof(Faults))]
    public void A_run_with_steps_that_fail_in_between_comes_to_the_same_bits(Action<Failing> fail)
    {
        (int[] bits, long[] draws) = Run(null);
        (int[] otherBits, long[] otherDraws) = Run(fail);

        Assert.That(otherBits, Is.EqualTo(bits));
        Assert.That(otherDraws, Is.EqualTo(draws).And.All.EqualTo(5));
    }

    [Test]
    public void A_statistic_that_is_not_finite_is_a_divergence()
    {
        var model = new CountingModel();
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        step.Run(new Batch([1], [0]), 0.1f);
        model.Next = float.PositiveInfinity;

        Assert.That(() => step.Run(new Batch([1], [0]), 0.1f), Throws.TypeOf<TrainingDivergedException>().With.Message.EqualTo(
            "Training diverged at step 2: the statistic 'seen' is not finite (learning rate 0.1). "
            + "The model holds the weights of the last good step, 1."));

        Assert.That(model.Statistics[0].Values.ToArray(), Is.EqualTo(new[] { 1f, 1 }));
        Assert.That(((IModel)model).Draws, Is.EqualTo(new long[] { 1, 2 }));
    }

    [Test]
    public void A_model_of_one_s_own_that_draws_takes_steps_without_an_allocation()
    {
        var step = new TrainingStep(new CountingModel(), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });
        Assert.That(Allocations.OfSecondCall(() => step.Run(new Batch([1f], [0]), 0.1f)), Is.Zero);
    }

    [Test]
    public void Gradients_may_be_changed_between_the_two_halves_of_a_step()
    {
        LogisticModel halves = Model(), whole = Model();
        var first = new TrainingStep(halves, new TrainerOptions { BatchSize = Rows });
        var second = new TrainingStep(whole, new TrainerOptions { BatchSize = Rows });
        var batch = new Batch(Inputs, Labels);

        double loss = first.ComputeGradients(batch);
        int[] untouched = Numbers.Bits(halves.Weights.Latent);
        foreach (Parameter parameter in halves.Parameters) TensorPrimitives.Multiply(parameter.Gradient, 2, parameter.Gradient);
        StepResult result = first.Apply(loss + 1, 0.25f);
        StepResult expected = second.Run(batch, 0.5f);

        Assert.That(untouched, Is.EqualTo(Numbers.Bits(Model().Weights.Latent)));
        Assert.That(Numbers.Bits(halves.Weights.Latent), Is.EqualTo(Numbers.Bits(whole.Weights.Latent)));
        Assert.That(result, Is.EqualTo(expected with { Loss = expected.Loss + 1, LearningRate = 0.25f }));
        Assert.That(first.StepsTaken, Is.EqualTo(1));
    }

    [TestCase(double.NaN)]
    [TestCase(double.NegativeInfinity)]
    public void Computing_gradients_never_throws_for_a_divergence(double loss)
    {
        LogisticModel model = Model();
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = Rows, Loss = new StubLoss(train: () => loss) });

        Assert.That(step.ComputeGradients(new Batch(Inputs, Labels)), Is.EqualTo(loss));
        Assert.That(() => step.Apply(loss, 0.1f),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains($"the loss is {loss}"));
    }

    [Test]
    public void Updates_follow_gradients_once()
    {
        var step = new TrainingStep(Model(), new TrainerOptions { BatchSize = Rows });
        AssertRefused();
        step.Run(new Batch(Inputs, Labels), 0.1f);
        AssertRefused();
        step.Apply(step.ComputeGradients(new Batch(Inputs, Labels)), 0.1f);
        AssertRefused();

        void AssertRefused() => Assert.That(() => step.Apply(1, 0.1f), Throws.InvalidOperationException.With.Message.EqualTo(
            "'Apply' must follow 'ComputeGradients'."));
    }

    [Test]
    public void Rate_out_of_range_is_refused_and_the_gradients_stay()
    {
        var step = new TrainingStep(Model(), new TrainerOptions { BatchSize = Rows });
        double loss = step.ComputeGradients(new Batch(Inputs, Labels));

        Assert.That(() => step.Apply(loss, float.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(step.Apply(loss, 0.1f).Loss, Is.EqualTo(loss));
    }

    // Each computation of gradients changes the running averages. A divergence must restore those before the first one.
    [Test]
    public void A_divergence_goes_back_to_the_last_good_step_however_often_gradients_were_computed()
    {
        MultilayerPerceptron model = Network();
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = Rows });
        step.Run(new Batch(Inputs, Labels), 0.1f);
        int[] before = SmallNetwork.Bits(model);
        step.ComputeGradients(new Batch(Inputs, Labels));
        step.ComputeGradients(new Batch(Inputs, Labels));

        Assert.That(() => step.Apply(double.NaN, 0.1f), Throws.TypeOf<TrainingDivergedException>());

        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
        Assert.That(model.Draws, Is.All.EqualTo(1));
    }

    private static (int[] Bits, long[] Draws) Run(Action<Failing>? fail)
    {
        MultilayerPerceptron model = Network();
        var binarizer = new StochasticBinarizer(4);
        var loss = new Failing(model);
        var step = new TrainingStep(
            model, new TrainerOptions { BatchSize = Rows, Binarizer = binarizer, Loss = loss, Optimizer = new Adam() });
        for (int i = 0; i < 5; i++)
        {
            if (fail is not null)
            {
                fail(loss);
                Assert.That(Assert.Catch(() => step.Run(new Batch(Inputs, Labels), 0.01f)),
                    Is.InstanceOf<TrainingDivergedException>().Or.SameAs(loss.Fault));
                loss.Reset();
            }

            step.Run(new Batch(Inputs, Labels), 0.01f);
        }

        return (SmallNetwork.Bits(model), [.. model.Draws, binarizer.Draws / 3]);
    }

    private static LogisticModel Model() => new(SmallData.Features, SmallData.Classes, seed: 2);

    private static MultilayerPerceptron Network() => new(SmallNetwork.Options with { InputDropout = 0.2f, HiddenDropout = 0.5f });

    /// <summary>Squared hinge loss, unless a test wants it to fail.</summary>
    internal sealed class Failing(MultilayerPerceptron model) : ILoss
    {
        private readonly SquaredHingeLoss _loss = new();

        public double? Loss { get; set; }

        public float? Gradient { get; set; }

        public Exception? Fault { get; set; }

        public void Reset() => (Loss, Gradient, Fault) = (null, null, null);

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) => _loss.Compute(logits, labels);

        public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
        {
            double loss = _loss.Compute(logits, labels, logitsGradient);
            Assert.That(model.Draws, Is.All.Positive, "the forward pass has drawn");
            if (Gradient is float value) logitsGradient[4] = value;
            return Fault is null ? Loss ?? loss : throw Fault;
        }
    }

    /// <summary>A model of a user's that counts its forward passes, once and twice, and keeps a statistic.</summary>
    private sealed class CountingModel : IModel
    {
        private readonly long[] _draws = [0, 0];

        public float Next { get; set; } = 1;

        public int FeatureCount => 1;

        public int ClassCount => 2;

        public IReadOnlyList<Parameter> Parameters { get; } = [new("w", 1, 2, isWeight: true, isBinarized: true)];

        public IReadOnlyList<Statistic> Statistics { get; } = [new("seen", 2)];

        public IReadOnlyList<long> Draws
        {
            get => _draws;
            set
            {
                for (int i = 0; i < _draws.Length; i++) _draws[i] = value[i];
            }
        }

        public void Forward(Batch batch, Span<float> logits)
        {
            logits.Clear();
            Statistics[0].Values.Fill(Next);
            _draws[0]++;
            _draws[1] += 2;
        }

        public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
        {
        }
    }
}
