using BenchmarkDotNet.Attributes;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Training;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The parts of the tutorial's step: batch 128, 784 features, 10 classes, deterministic signs, plain SGD, one batch of
/// floats. <see cref="Step"/> is the whole step, through the public class; the others are its parts.
/// </summary>
[MemoryDiagnoser]
public class TrainingStepParts
{
    private const int BatchSize = 128;
    private const int Features = 784;
    private const int Classes = 10;
    private const float LearningRate = 0.1f;

    private readonly int[] _labels = new int[BatchSize];
    private readonly float[] _logits = new float[BatchSize * Classes];
    private readonly float[] _logitsGradient = new float[BatchSize * Classes];
    private readonly LogisticModel _model = new(Features, Classes);
    private readonly DeterministicBinarizer _binarizer = new();
    private readonly CrossEntropyLoss _loss = new();
    private readonly Sgd _optimizer = new();
    private readonly Memory<float> _features = AlignedBuffer.Allocate(BatchSize * Features);
    private Training.TrainingStep _step = null!;

    /// <summary>The training set.</summary>
    [ParamsAllValues]
    public Images Images { get; set; }

    // In memory of the same alignment as a sampler's batches.
    private Batch TheBatch => new(_features.Span, _labels);

    [GlobalSetup]
    public void Setup()
    {
        Span<float> features = _features.Span;
        new BatchSampler(StepImages.Load(Images), BatchSize, seed: 1).Next().Features.CopyTo(features);
        for (int i = 0; i < _labels.Length; i++) _labels[i] = i % Classes;
        _step = new Training.TrainingStep(_model, new TrainerOptions { BatchSize = BatchSize, Optimizer = _optimizer });

        Forward();
        float[] expected = new float[_logits.Length];
        NarrowGemm.MultiplyTransposedScalar(features, _model.Weights.Effective, expected, Features);
        for (int i = 0; i < expected.Length; i++) Check(_logits[i], expected[i] + _model.Bias.Effective[i % Classes], "logits");
        LossAndLogitsGradient();
        Gradients();
        float[] weightGradient = new float[Features * Classes];
        NarrowGemm.TransposeMultiplyScalar(_logitsGradient, features, weightGradient, Features);
        for (int i = 0; i < weightGradient.Length; i++) Check(_model.Weights.Gradient[i], weightGradient[i], "weight gradient");
    }

    [Benchmark(Baseline = true)]
    public StepResult Step() => _step.Run(TheBatch, LearningRate);

    [Benchmark]
    public void Binarize() => _model.Binarize(_binarizer);

    [Benchmark]
    public void Forward() => _model.Forward(TheBatch, _logits);

    [Benchmark]
    public double LossAndLogitsGradient() => _loss.Compute(_logits, _labels, _logitsGradient);

    [Benchmark]
    public void Gradients() => _model.Backward(TheBatch, _logitsGradient);

    [Benchmark]
    public void Update()
    {
        _optimizer.Step(_model.Weights, LearningRate);
        _optimizer.Step(_model.Bias, LearningRate);
        WeightClip.Clip(_model.Weights.Latent);
    }

    private static void Check(float actual, float expected, string what)
    {
        if (!(Math.Abs(actual - expected) <= 1e-4 * Math.Max(1, Math.Abs(expected))))
            throw new InvalidOperationException($"The {what} are wrong: {actual} instead of {expected}.");
    }
}
