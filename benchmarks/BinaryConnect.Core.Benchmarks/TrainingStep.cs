using BenchmarkDotNet.Attributes;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Training;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The tutorial's step (batch 128, 784 features, 10 classes, loss included). The baseline is the roofline: the time
/// that the multiply-adds of its two float products take in registers alone.
/// </summary>
[MemoryDiagnoser]
public class TrainingStep
{
    private const int BatchSize = 128;
    private const int Features = 784;
    private const int Classes = 10;
    private const float LearningRate = 0.1f;

    private readonly Memory<float> _features = AlignedBuffer.Allocate(BatchSize * Features);
    private readonly int[] _labels = new int[BatchSize];
    private readonly Training.TrainingStep _floatStep = NewStep(new DeterministicBinarizer(), new Sgd());
    private readonly Training.TrainingStep _byteStep = NewStep(new DeterministicBinarizer(), new Sgd());
    private readonly Training.TrainingStep _stochasticStep = NewStep(new StochasticBinarizer(1), new Sgd());
    private readonly Training.TrainingStep _adamStep = NewStep(new DeterministicBinarizer(), new Adam());

    private BatchSampler _bytes = null!;

    /// <summary>The training set.</summary>
    [ParamsAllValues]
    public Images Images { get; set; }

    // In memory of the same alignment as a sampler's batches.
    private Batch InHand => new(_features.Span, _labels);

    [GlobalSetup]
    public void Setup()
    {
        _bytes = new BatchSampler(StepImages.Load(Images), BatchSize, seed: 1);
        Batch batch = _bytes.Next();
        batch.Features.CopyTo(_features.Span);
        batch.Labels.CopyTo(_labels);
        CheckAgainstScalar();
    }

    [Benchmark(Baseline = true)]
    public float FmaBound() => FmaRoofline.Run(2L * BatchSize * Features * Classes);

    [Benchmark]
    public StepResult FloatData() => _floatStep.Run(InHand, LearningRate);

    /// <summary>This includes the gather of a shuffled batch of bytes from 55,000 rows.</summary>
    [Benchmark]
    public StepResult ByteData() => _byteStep.Run(_bytes.NextRaw(), LearningRate);

    [Benchmark]
    public StepResult Stochastic() => _stochasticStep.Run(InHand, LearningRate);

    [Benchmark]
    public StepResult Adam() => _adamStep.Run(InHand, LearningRate);

    private static Training.TrainingStep NewStep(IBinarizer binarizer, IOptimizer optimizer)
    {
        var options = new TrainerOptions { BatchSize = BatchSize, Binarizer = binarizer, Optimizer = optimizer };
        return new Training.TrainingStep(new LogisticModel(Features, Classes), options);
    }

    // Compares forward product and weight gradient of the batch, as floats and as bytes, with the definition.
    private void CheckAgainstScalar()
    {
        var model = new LogisticModel(Features, Classes);
        float[] logits = new float[BatchSize * Classes], expected = new float[logits.Length];
        float[] gradient = new float[Features * Classes];
        NarrowGemm.MultiplyTransposedScalar(_features.Span, model.Weights.Effective, expected, Features);
        for (int i = 0; i < expected.Length; i++) expected[i] += model.Bias.Effective[i % Classes];
        NarrowGemm.TransposeMultiplyScalar(expected, _features.Span, gradient, Features);
        byte[] pixels = Array.ConvertAll(_features.ToArray(), value => (byte)MathF.Round(value * 255));

        Check(model, InHand);
        Check(model, new Batch(pixels, _labels, 1f / 255, 0));

        void Check(LogisticModel model, Batch batch)
        {
            model.Forward(batch, logits);
            Compare(logits, expected);
            model.Backward(batch, expected);
            Compare(model.Weights.Gradient, gradient);
        }
    }

    private static void Compare(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= 1e-4 * Math.Max(1, Math.Abs(expected[i]))))
                throw new InvalidOperationException($"A product is wrong at {i}: {actual[i]} instead of {expected[i]}.");
        }
    }
}
