using BenchmarkDotNet.Attributes;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;
using Microsoft.ML.OnnxRuntime;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// Inference of 784-1024-1024-1024-10 dense layers with weights ±1 and ReLU between them. One is a float network in
/// ONNX Runtime, the other uses the product of packed signs, with one thread each. ONNX Runtime chooses its registers
/// itself, whatever the width of a job.
/// </summary>
public class PeersInference
{
    private const int CheckedRows = 2;

    private static readonly int[] Sizes = [784, 1024, 1024, 1024, 10];
    private static readonly string[] Inputs = [OnnxMlp.Input], Outputs = [OnnxMlp.Output];

    private readonly RunOptions _runOptions = new();
    private Memory<float> _x, _z;
    private SignMlp _signs = null!;
    private InferenceSession _session = null!;
    private OrtValue[] _inputs = [], _outputs = [];

    [Params(1, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = AlignedBuffer.Allocate(Batch * Sizes[0]);
        _z = AlignedBuffer.Allocate(Batch * Sizes[^1]);
        Philox4x32.Uniform(0, 0, 1, _x.Span);
        var weights = new Memory<float>[Sizes.Length - 1];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = AlignedBuffer.Allocate(Sizes[i + 1] * Sizes[i]);
            Philox4x32.Uniform(0, (ulong)i + 1, 1, weights[i].Span);
            foreach (ref float weight in weights[i].Span) weight = weight < 0.5f ? -1 : 1;
        }

        _signs = new SignMlp(Batch, Sizes, weights);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(OnnxMlp.Encode(Batch, Sizes, weights), options);
        _inputs = [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _x, [Batch, Sizes[0]])];
        _outputs = [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _z, [Batch, Sizes[^1]])];
        Check();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (OrtValue value in (OrtValue[])[.. _inputs, .. _outputs]) value.Dispose();
        _session.Dispose();
        _runOptions.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void OnnxRuntime() => _session.Run(_runOptions, Inputs, _inputs, Outputs, _outputs);

    [Benchmark]
    public float PackedSigns() => _signs.Run(_x.Span)[0];

    // Every form has its own order of summation.
    private void Check()
    {
        OnnxRuntime();
        ReadOnlySpan<float> signs = _signs.Run(_x.Span);
        float[] expected = _signs.RunScalar(_x.Span[..(Math.Min(Batch, CheckedRows) * Sizes[0])]);
        Compare(_z.Span, signs, "ONNX Runtime");
        Compare(signs[..expected.Length], expected, "packed signs");
    }

    private static void Compare(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what)
    {
        float largest = 0;
        foreach (float value in expected) largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) < 1e-5f * largest))
                throw new InvalidOperationException($"The output {i} of {what} is wrong: {actual[i]} instead of {expected[i]}.");
        }
    }
}
