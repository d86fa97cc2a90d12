using BenchmarkDotNet.Attributes;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Optimizers;
using BinaryConnect.Training;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// A step of the paper's network, 784-1024-1024-1024-10 with batch normalization and squared hinge loss, and the gather
/// of the shuffled batch. All times are of 100 rows: a step of 200 rows takes twice the time shown. The baseline is the
/// roofline of one thread, the time that the float products of these rows take in registers alone.
/// </summary>
[MemoryDiagnoser]
public class MultilayerStep
{
    private const int Rows = 100;
    private const int DatasetRows = 50_000, Features = 784, Units = 1024, Classes = 10;
    private const float LearningRate = 1e-3f;

    private static readonly int[] Sizes = [Features, Units, Units, Units, Classes];

    private readonly Dataset _data = RandomPixels.Create(DatasetRows, Features, Classes);
    private Run _sgd, _stochastic, _adam, _sign;

    /// <summary>The number of threads of a step; the roofline is always that of one.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _sgd = NewRun(2 * Rows, new DeterministicBinarizer(), new Sgd(), RateScaling.InverseGlorotSquared);
        _stochastic = NewRun(2 * Rows, new StochasticBinarizer(1), new Sgd(), RateScaling.InverseGlorotSquared);
        _adam = NewRun(Rows, new DeterministicBinarizer(), new Adam(), RateScaling.InverseGlorot);
        _sign = NewRun(
            2 * Rows, new DeterministicBinarizer(), new Sgd(), RateScaling.InverseGlorotSquared, Activation.Sign);
        CheckAgainstScalar();
        CheckAgainstFloats();
    }

    /// <summary>Forward, weight gradient, and input gradient of all layers but the first, which has none.</summary>
    [Benchmark(Baseline = true)]
    public float FmaBound()
    {
        long weights = 0;
        for (int i = 1; i < Sizes.Length; i++) weights += Sizes[i - 1] * Sizes[i];
        return FmaRoofline.Run(Rows * (3 * weights - Features * Units));
    }

    [Benchmark(OperationsPerInvoke = 2)]
    public StepResult SgdBatch200() => _sgd.Next();

    [Benchmark(OperationsPerInvoke = 2)]
    public StepResult StochasticSgdBatch200() => _stochastic.Next();

    [Benchmark]
    public StepResult AdamBatch100() => _adam.Next();

    /// <summary>The same step with sign activations: all but the first layer multiply signs.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public StepResult SignSgdBatch200() => _sign.Next();

    private Run NewRun(
        int batchSize, IBinarizer binarizer, IOptimizer optimizer, RateScaling scaling, Activation activation = Activation.Relu)
    {
        var options = new TrainerOptions
        {
            BatchSize = batchSize,
            Binarizer = binarizer,
            Loss = new SquaredHingeLoss(),
            Optimizer = optimizer,
            RateScaling = scaling,
            MaxDegreeOfParallelism = Threads,
        };
        return new Run(new Training.TrainingStep(NewNetwork(activation), options), new BatchSampler(_data, batchSize, seed: 1));
    }

    private static MultilayerPerceptron NewNetwork(Activation activation = Activation.Relu) => new(
        new MultilayerPerceptronOptions
        {
            Features = Features,
            HiddenUnits = Sizes[1..^1],
            Classes = Classes,
            Activation = activation,
        });

    // The outputs of a batch, layer by layer, in float64.
    private void CheckAgainstScalar()
    {
        MultilayerPerceptron network = NewNetwork();
        network.MaxDegreeOfParallelism = Threads;
        network.Binarize(new DeterministicBinarizer());
        float[] actual = new float[Rows * Classes];
        network.Forward(_data.ViewRaw(0, Rows), actual);

        float[] pixels = new float[Rows * Features];
        double[] values = Array.ConvertAll(_data.View(0, Rows, pixels).Features.ToArray(), value => (double)value);
        for (int i = 0; i < network.DenseLayers.Count; i++)
        {
            values = Normalized(Product(values, network.DenseLayers[i].Weights), network.Normalizations[i]);
            if (i < network.DenseLayers.Count - 1) values = Array.ConvertAll(values, value => Math.Max(value, 0));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(actual[i] - values[i]) <= 1e-3))
                throw new InvalidOperationException($"Output {i} is wrong: {actual[i]} instead of {values[i]}.");
        }
    }

    // The outputs of a batch by products of bits, and by those of floats.
    private void CheckAgainstFloats()
    {
        MultilayerPerceptron network = NewNetwork(Activation.Sign);
        IEnumerable<Layer> layers = network.Options.HiddenUnits.SelectMany(
            units => new Layer[] { new BinaryDense(units), new BatchNorm(), new FloatSigns() });
        var floats = new Sequential(
            new FeatureShape(Features), network.Options.Seed, [.. layers, new BinaryDense(Classes), new BatchNorm()]);
        float[] actual = new float[Rows * Classes], expected = new float[actual.Length];
        network.Forward(_data.ViewRaw(0, Rows), actual);
        floats.Forward(_data.ViewRaw(0, Rows), expected);
        if (!actual.SequenceEqual(expected)) throw new InvalidOperationException("Bits and floats give different outputs.");
    }

    private static double[] Product(double[] inputs, Parameter weights)
    {
        double[] outputs = new double[Rows * weights.FanOut];
        for (int i = 0; i < outputs.Length; i++)
        {
            int row = i / weights.FanOut * weights.FanIn, unit = i % weights.FanOut * weights.FanIn;
            for (int j = 0; j < weights.FanIn; j++) outputs[i] += inputs[row + j] * (weights.Latent[unit + j] < 0 ? -1 : 1);
        }

        return outputs;
    }

    // γ is 1 and β is 0 at the start.
    private static double[] Normalized(double[] values, BatchNorm norm)
    {
        int units = values.Length / Rows;
        double[] mean = new double[units], variance = new double[units];
        for (int i = 0; i < values.Length; i++) mean[i % units] += values[i] / Rows;
        for (int i = 0; i < values.Length; i++) variance[i % units] += Math.Pow(values[i] - mean[i % units], 2) / Rows;
        return [.. values.Select((value, i) => (value - mean[i % units]) / Math.Sqrt(variance[i % units] + norm.Epsilon))];
    }

    // Signs that do not say what they are.
    private sealed class FloatSigns : Layer
    {
        public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

        public override void Forward(in LayerPass pass)
        {
            for (int i = 0; i < pass.Input.Length; i++) pass.Output[i] = pass.Input[i] < 0 ? -1 : 1;
        }

        public override void Backward(in LayerPass pass) => throw new NotSupportedException("It is for forward passes.");
    }

    private readonly record struct Run(Training.TrainingStep Step, BatchSampler Batches)
    {
        public StepResult Next() => Step.Run(Batches.NextRaw(), LearningRate);
    }
}
