using BenchmarkDotNet.Attributes;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The ±1 product by packed signs, with new sum tables each time, and the float product of the same weights. The
/// baseline is the same number of multiply-adds in registers, as fast as a core can do them. <see cref="Pack"/> packs
/// both orientations.
/// </summary>
[MemoryDiagnoser]
public class BinaryProduct
{
    private const float Bound = 0.5f;
    private const int CheckedRows = 37;

    private Memory<float> _x, _weights, _z, _work;
    private Memory<uint> _signs, _transposedSigns;
    private SignLayout _layout;
    private int _inputs;

    /// <summary>Inputs × outputs.</summary>
    [Params("784x1024", "1024x1024", "4096x4096")]
    public string Shape { get; set; } = "";

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string[] shape = Shape.Split('x');
        _inputs = int.Parse(shape[0]);
        int outputs = int.Parse(shape[1]);
        _layout = new SignLayout(outputs, _inputs);
        _x = Centred(Batch * _inputs, stream: 1);
        _weights = Centred(outputs * _inputs, stream: 2);
        Signs.Binarize(_weights.Span, Bound, _weights.Span);
        _z = AlignedBuffer.Allocate(Batch * outputs);
        _work = AlignedBuffer.Allocate(SignGemm.WorkLength(_layout));
        _signs = AlignedBuffer.Allocate<uint>(_layout.Length);
        _transposedSigns = AlignedBuffer.Allocate<uint>(_layout.Transposed.Length);
        Pack();

        ReadOnlySpan<float> sample = _x.Span[..(Math.Min(Batch, CheckedRows) * _inputs)];
        float[] expected = new float[sample.Length / _inputs * outputs];
        SignGemm.MultiplyScalar(sample, _signs.Span, _layout, Bound, expected, 0, _layout.Tiles);
        SignProduct();
        Check(expected, "sign product");
        FloatProduct();
        Check(expected, "float product");
    }

    [Benchmark(Baseline = true)]
    public float FmaBound() => FmaRoofline.Run((long)Batch * _layout.Outputs * _inputs);

    [Benchmark]
    public void FloatProduct() => NarrowGemm.MultiplyTransposed(_x.Span, _weights.Span, _z.Span, _inputs);

    [Benchmark]
    public void SignProduct() => SignGemm.Multiply(_x.Span, _signs.Span, _layout, Bound, _z.Span, _work.Span);

    [Benchmark]
    public void Pack() => SignPacking.PackRows(_weights.Span, first: 0, _layout, _signs.Span, _transposedSigns.Span);

    // Uniform in [−½, ½).
    private static Memory<float> Centred(int length, ulong stream)
    {
        Memory<float> values = AlignedBuffer.Allocate(length);
        Philox4x32.Uniform(0, stream, 1, values.Span);
        foreach (ref float value in values.Span) value -= 0.5f;
        return values;
    }

    private void Check(float[] expected, string what)
    {
        Span<float> z = _z.Span;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(z[i] - expected[i]) <= 1e-3f))
                throw new InvalidOperationException($"The {what} is wrong: {z[i]} instead of {expected[i]}.");
        }
    }
}
