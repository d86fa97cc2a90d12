using BenchmarkDotNet.Attributes;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using Microsoft.ML.OnnxRuntime;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// Predictions of dense layers with ReLU between them, each on the same number of threads: a float network in ONNX
/// Runtime with weights ±1, a <see cref="PackedModel"/> of the same weights from floats and from bytes, one with
/// activations of 8 bits, one with activations of one bit from bytes, and one with real weights. ONNX Runtime chooses
/// its register width itself, for every job.
/// </summary>
public class PackedInference
{
    private static readonly string[] Inputs = [OnnxMlp.Input], Outputs = [OnnxMlp.Output];

    private static readonly string MnistImages =
        Path.Combine(AppContext.BaseDirectory, "mnist", "t10k-images-idx3-ubyte.gz");

    private readonly RunOptions _runOptions = new();
    private Memory<float> _x, _z;
    private byte[] _bytes = [];
    private float[] _scores = [];
    private PackedModel _packed = null!, _packed8 = null!, _bits = null!, _real = null!;
    private InferenceSession _session = null!;
    private OrtValue[] _inputs = [], _outputs = [];

    [Params("784-10", "784-1024-1024-1024-10", "784-2048-2048-2048-10")]
    public string Model { get; set; } = "";

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    /// <summary>Images of MNIST's test set, of whose bytes four in five are 0, or random bytes.</summary>
    [Params("MNIST", "random")]
    public string Rows { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Model.Split('-').Select(int.Parse)];
        _z = AlignedBuffer.Allocate(Batch * sizes[^1]);
        _scores = new float[Batch * sizes[^1]];
        _bytes = new byte[Batch * sizes[0]];
        if (Rows == "random") new Random(1).NextBytes(_bytes);
        else IdxReader.Read(MnistImages).Values.Span[.._bytes.Length].CopyTo(_bytes);
        _x = AlignedBuffer.Allocate(_bytes.Length);
        for (int i = 0; i < _bytes.Length; i++) _x.Span[i] = _bytes[i] / 255f;
        var weights = new Memory<float>[sizes.Length - 1];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = AlignedBuffer.Allocate(sizes[i + 1] * sizes[i]);
            Philox4x32.Uniform(0, (ulong)i + 1, 1, weights[i].Span);
            foreach (ref float weight in weights[i].Span) weight = weight < 0.5f ? -1 : 1;
        }

        _packed = ModelPacker.Pack(Network(sizes, weights));
        _packed8 = ModelPacker.PackActivations(
            _packed, Dataset.FromBytes(_bytes, new int[Batch], sizes[0], sizes[^1])).Model;
        _bits = ModelPacker.Pack(Network(sizes, weights, () => new SignActivation()));
        Sequential real = Network(sizes, weights);
        foreach (Parameter parameter in real.Parameters)
            foreach (ref float value in parameter.Latent) value *= 0.5f;
        _real = ModelPacker.Pack(real, binarizer: new IdentityBinarizer());
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(OnnxMlp.Encode(Batch, sizes, weights), options);
        _inputs = [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _x, [Batch, sizes[0]])];
        _outputs = [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _z, [Batch, sizes[^1]])];
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
    public void Packed() => _packed.Scores(_x.Span, _scores, Threads);

    [Benchmark]
    public void PackedFromBytes() => _packed.Scores(_bytes, _scores, Threads);

    [Benchmark]
    public void Packed8() => _packed8.Scores(_x.Span, _scores, Threads);

    [Benchmark]
    public void Packed8FromBytes() => _packed8.Scores(_bytes, _scores, Threads);

    [Benchmark]
    public void PackedBits() => _bits.Scores(_bytes, _scores, Threads);

    [Benchmark]
    public void FloatWeights() => _real.Scores(_x.Span, _scores, Threads);

    private static Sequential Network(int[] sizes, Memory<float>[] weights, Func<Layer>? activation = null)
    {
        BinaryDense[] dense = [.. sizes[1..].Select(outputs => new BinaryDense(outputs))];
        IEnumerable<Layer> layers = dense.SkipLast(1).SelectMany(
            layer => new[] { layer, activation?.Invoke() ?? new Relu() }).Append(dense[^1]);
        var network = new Sequential(new FeatureShape(sizes[0]), seed: 1, layers);
        for (int i = 0; i < dense.Length; i++) weights[i].Span.CopyTo(dense[i].Weights.Latent);
        return network;
    }

    // Every form has its own order of summation.
    private void Check()
    {
        OnnxRuntime();
        Packed();
        Compare("floats");
        PackedFromBytes();
        Compare("bytes");
        Packed8();
        Compare("activations of 8 bits", 0.1f);
        Packed8FromBytes();
        Compare("bytes and activations of 8 bits", 0.1f);
    }

    private void Compare(string what, float tolerance = 1e-5f)
    {
        float largest = 0;
        foreach (float value in _z.Span) largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < _scores.Length; i++)
        {
            if (!(Math.Abs(_scores[i] - _z.Span[i]) < tolerance * largest))
                throw new InvalidOperationException(
                    $"The output {i} from {what} is wrong: {_scores[i]} instead of {_z.Span[i]}.");
        }
    }
}
