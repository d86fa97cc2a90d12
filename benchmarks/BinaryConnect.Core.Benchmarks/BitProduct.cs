using BenchmarkDotNet.Attributes;
using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// ±1 times ±1, exact in integers, 1024 inputs and 1024 outputs. The baseline is the same number of float multiply-adds
/// in registers.
/// </summary>
public class BitProduct
{
    private const int Inputs = 1024, Outputs = 1024;
    private static readonly BitLayout Layout = new(Outputs, Inputs);

    private Memory<byte> _inputs, _signs;
    private Memory<int> _z;

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        byte[] bits = new byte[Outputs * Inputs / 8], row = new byte[Inputs / 8];
        random.NextBytes(bits);
        _signs = AlignedBuffer.Allocate<byte>(Layout.Length);
        BitPacking.PackOutputs(bits, Layout, _signs.Span);
        _inputs = AlignedBuffer.Allocate<byte>(Batch * Layout.Groups);
        for (int i = 0; i < Batch; i++)
        {
            random.NextBytes(row);
            BitPacking.PackRow(row, Layout, _inputs.Span.Slice(i * Layout.Groups, Layout.Groups));
        }

        _z = AlignedBuffer.Allocate<int>(Batch * Layout.Stride);
        int[] expected = new int[_z.Length];
        BitGemm.MultiplyScalar(_inputs.Span, _signs.Span, Layout, expected);
        Product();
        if (!_z.Span.SequenceEqual(expected)) throw new InvalidOperationException("The sums are wrong.");
    }

    [Benchmark(Baseline = true)]
    public float FmaBound() => FmaRoofline.Run((long)Batch * Outputs * Inputs);

    [Benchmark]
    public void Product() => BitGemm.Multiply(_inputs.Span, _signs.Span, Layout, _z.Span);
}
