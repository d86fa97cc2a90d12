using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

/// <summary>An optimizer of a user's that threads share, as they share those of the library.</summary>
internal sealed class PartitionedOptimizerTests
{
    private const int Features = 300;

    [Test]
    public void It_comes_to_the_bits_of_the_same_rule_on_any_number_of_threads([Values(1, 3)] int threads)
    {
        (int[] bits, StepResult last) = Train(new Sgd(), threads: 1);
        var own = new OwnDescent();

        (int[] ownBits, StepResult ownLast) = Train(own, threads);

        Assert.That(ownBits, Is.EqualTo(bits));
        Assert.That(ownLast.SignFlips, Is.EqualTo(last.SignFlips).And.Positive);
        Assert.That(ownLast.WeightChange, Is.EqualTo(last.WeightChange).Within(1e-6).Percent);
        Assert.That(own.Parts, Is.GreaterThan(own.Steps), "large parameters have several parts");
    }

    [Test]
    public void What_it_makes_infinite_is_taken_back()
    {
        MultilayerPerceptron model = Model();
        var own = new OwnDescent();
        var step = new TrainingStep(model, new TrainerOptions { BatchSize = 8, Optimizer = own, ClipWeights = false });
        step.Run(Batch(), 0.1f);
        int[] before = SmallNetwork.Bits(model);
        own.Fails = true;

        Assert.That(
            () => step.Run(Batch(), 0.1f), Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("OwnDescent"));
        Assert.That(SmallNetwork.Bits(model), Is.EqualTo(before));
    }

    private static (int[] Bits, StepResult Last) Train(IOptimizer optimizer, int threads)
    {
        MultilayerPerceptron model = Model();
        var options = new TrainerOptions
        {
            BatchSize = 8,
            Optimizer = optimizer,
            Loss = new SquaredHingeLoss(),
            MaxDegreeOfParallelism = threads,
        };
        var step = new TrainingStep(model, options);
        StepResult last = default!;
        for (int i = 0; i < 5; i++) last = step.Run(Batch(), 0.5f);
        return (SmallNetwork.Bits(model), last);
    }

    private static MultilayerPerceptron Model() => new(new() { Features = Features, HiddenUnits = [500], Classes = 3 });

    private static Batch Batch() => new(Numbers.Uniform(1, 8 * Features), new int[] { 0, 1, 2, 0, 1, 2, 0, 1 });

    private sealed class OwnDescent : IPartitionedOptimizer
    {
        private readonly Sgd _sgd = new();
        private int _steps, _parts;

        public bool Fails { get; set; }

        public int Steps => _steps;

        public int Parts => _parts;

        public void BeginStep(Parameter parameter) => _steps++;

        public (int SignFlips, double WeightChange) Update(
            Parameter parameter, float learningRate, float bound, int start, int length)
        {
            Interlocked.Increment(ref _parts);
            int flips = 0;
            double change = 0;
            Span<float> values = parameter.Latent.Slice(start, length), gradient = parameter.Gradient.Slice(start, length);
            for (int i = 0; i < length; i++)
            {
                float old = values[i];
                float now = Math.Clamp(float.MultiplyAddEstimate(-learningRate, gradient[i], old), -bound, bound);
                values[i] = Fails && i == 1 ? float.NaN : now;
                if (old < 0 != now < 0) flips++;
                change += Math.Abs(values[i] - old);
            }

            return (flips, change);
        }

        public void Step(Parameter parameter, float learningRate) =>
            throw new InvalidOperationException("a step must come in parts");

        public OptimizerState StateOf(Parameter parameter) => _sgd.StateOf(parameter);

        public void Reset()
        {
        }
    }
}
