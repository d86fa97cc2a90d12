using BenchmarkDotNet.Attributes;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The tutorial's step (batch 128, 784 features, 10 classes, loss included), with NumPy float32 as the baseline. Each
/// has one thread, the same batch and the same weights. NumPy chooses its registers itself, whatever the width of a
/// job.
/// </summary>
public class Peers
{
    private const int BatchSize = 128;
    private const int Features = 784;
    private const int Classes = 10;
    private const float LearningRate = 0.1f;
    private const int CheckedSteps = 10;

    // With this many, the round trip to the other process costs less than a hundredth of them.
    private const int StepsPerAnswer = 200;

    private readonly Memory<float> _features = AlignedBuffer.Allocate(BatchSize * Features);
    private readonly int[] _labels = new int[BatchSize];
    private readonly LogisticModel _model = new(Features, Classes, seed: 1);
    private BatchSampler _bytes = null!;
    private Training.TrainingStep _step = null!;
    private NumPyStep _numPy = null!;

    /// <summary>The training set.</summary>
    [ParamsAllValues]
    public Images Images { get; set; }

    // In memory of the same alignment as a sampler's batches.
    private Batch InHand => new(_features.Span, _labels);

    [GlobalSetup]
    public void Setup()
    {
        _bytes = new BatchSampler(StepImages.Load(Images), BatchSize, seed: 1);
        _bytes.Next().Features.CopyTo(_features.Span);
        for (int i = 0; i < _labels.Length; i++) _labels[i] = i % Classes;
        _step = new Training.TrainingStep(_model, new TrainerOptions { BatchSize = BatchSize });
    }

    [GlobalSetup(Target = nameof(NumPy))]
    public void SetupNumPy()
    {
        Setup();
        _numPy = NumPyStep.Start(_features.Span, _model.Weights.Latent);
        Console.WriteLine($"// {_numPy.Description}");
        for (int i = 1; i <= CheckedSteps; i++)
        {
            double loss = _step.Run(InHand, LearningRate).Loss, peer = _numPy.Run(1);
            if (!(Math.Abs(loss - peer) <= 1e-4 * peer))
                throw new InvalidOperationException($"The losses of step {i} differ: {loss} here, {peer} in NumPy.");
        }
    }

    [GlobalCleanup(Target = nameof(NumPy))]
    public void StopNumPy() => _numPy.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = StepsPerAnswer)]
    public double NumPy() => _numPy.Run(StepsPerAnswer);

    [Benchmark]
    public StepResult FloatData() => _step.Run(InHand, LearningRate);

    /// <summary>This includes the gather of a shuffled batch of bytes from 55,000 rows.</summary>
    [Benchmark]
    public StepResult ByteData() => _step.Run(_bytes.NextRaw(), LearningRate);
}
