using System.Runtime.InteropServices;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>Updates of parameters so long that several threads share them.</summary>
internal sealed class ParallelUpdateTests
{
    private const int Weights = 3 * (1 << 16) + 17;
    private const float Rate = 0.4f;

    private static readonly float[] Initial = Numbers.Uniform(1, Weights, -1, 1);
    private static readonly float[] Gradient = Numbers.Uniform(2, Weights, -1, 1);

    private static IEnumerable<Func<IOptimizer>> Optimizers =>
    [
        () => new Sgd(),
        () => new Sgd(0.9f),
        () => new Sgd(0.9f, nesterov: true),
        () => new Adam(),
    ];

    [Test]
    public void Any_number_of_threads_moves_weights_as_the_optimizer_by_itself_does_and_counts_the_same(
        [ValueSource(nameof(Optimizers))] Func<IOptimizer> make, [Values(1, 2, 4)] int threads)
    {
        Parameter alone = NewWeights(), one = NewWeights(), shared = NewWeights();
        IOptimizer optimizer = make();
        TrainingStep oneStep = Step(one, make(), 1), sharedStep = Step(shared, make(), threads);
        for (int taken = 0; taken < 3; taken++)
        {
            float[] before = alone.Latent.ToArray();
            Gradient.CopyTo(alone.Gradient);
            optimizer.Step(alone, Rate);
            WeightClip.Clip(alone.Latent);
            StepResult result = sharedStep.Run(new Batch([1], [0]), Rate), expected = oneStep.Run(new Batch([1], [0]), Rate);

            Assert.That(HasBitsOf(shared, alone.Latent), Is.True, "the weights are not those of the optimizer by itself");
            Assert.That(result, Is.EqualTo(expected));
            int flips = 0;
            double change = 0;
            for (int i = 0; i < Weights; i++)
            {
                if (before[i] < 0 != alone.Latent[i] < 0) flips++;
                change += Math.Abs((double)alone.Latent[i] - before[i]);
            }

            Assert.That(result.SignFlips, Is.EqualTo(flips).And.Positive);
            Assert.That(result.WeightChange, Is.EqualTo(change).Within(100 * 32 * Math.Pow(2, -24)).Percent);
        }
    }

    [Test]
    public void A_gradient_that_is_not_finite_is_found_wherever_it_is(
        [Values(0, (1 << 16) - 1, 1 << 16, Weights - 1)] int index, [Values(1, 2)] int threads)
    {
        Parameter weights = NewWeights();
        TrainingStep step = Step(weights, new Sgd(), threads, gradient => gradient[index] = float.NaN);

        Assert.That(
            () => step.Run(new Batch([1], [0]), Rate),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("the gradient of 'weights' is not finite"));
        Assert.That(HasBitsOf(weights, Initial), Is.True, "the weights have changed");
    }

    // Adam's variance of such a gradient counts as 0, and its mean does not: with the least ε the step is too long for
    // a float.
    [Test]
    public void An_update_that_is_not_finite_is_found_wherever_it_is_and_taken_back(
        [Values(0, 1 << 16, Weights - 1)] int index, [Values(1, 2)] int threads)
    {
        Parameter weights = NewWeights();
        var optimizer = new Adam(epsilon: float.Epsilon);
        TrainingStep step = Step(weights, optimizer, threads, gradient => gradient[index] = MathF.ScaleB(1, -50), clips: false);

        Assert.That(
            () => step.Run(new Batch([1], [0]), learningRate: MathF.ScaleB(1, 40)),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("the update of 'weights' is not finite"));
        Assert.That(HasBitsOf(weights, Initial), Is.True, "the weights have changed");
        OptimizerState state = optimizer.StateOf(weights);
        Assert.That(
            (state.Steps, state.Slot(0).ContainsAnyExcept(0), state.Slot(1).ContainsAnyExcept(0)), Is.EqualTo((0, false, false)));
    }

    [Test]
    public void A_model_of_no_parameters_takes_steps()
    {
        var step = new TrainingStep(new StubModel(1, 1), new TrainerOptions { BatchSize = 1, Loss = new StubLoss() });

        Assert.That(step.Run(new Batch([1], [0]), Rate).SignFlips, Is.Zero);
    }

    // NUnit's own comparison of so many values takes seconds where there is no SIMD.
    private static bool HasBitsOf(Parameter weights, ReadOnlySpan<float> expected) =>
        MemoryMarshal.AsBytes(weights.Latent).SequenceEqual(MemoryMarshal.AsBytes(expected));

    private static Parameter NewWeights()
    {
        var weights = new Parameter("weights", Weights, 1, isWeight: true, isBinarized: true);
        Initial.CopyTo(weights.Latent);
        return weights;
    }

    private static TrainingStep Step(
        Parameter weights, IOptimizer optimizer, int threads, Action<float[]>? spoil = null, bool clips = true)
    {
        float[] gradient = [.. Gradient];
        spoil?.Invoke(gradient);
        var model = new StubModel(1, 1, weights) { OnBackward = () => gradient.CopyTo(weights.Gradient) };
        return new TrainingStep(model, new TrainerOptions
        {
            BatchSize = 1,
            Loss = new StubLoss(),
            Optimizer = optimizer,
            ClipWeights = clips,
            MaxDegreeOfParallelism = threads,
        });
    }
}
