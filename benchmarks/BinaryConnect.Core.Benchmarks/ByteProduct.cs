using BenchmarkDotNet.Attributes;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// Bytes times signs, exact in integers, 1024 inputs and 1024 outputs: by sum tables, which are made anew each time,
/// and by products of pairs of bytes. The baseline is the same number of float multiply-adds in
/// registers.
/// </summary>
public class ByteProduct
{
    private const int Inputs = 1024, Outputs = 1024;
    private static readonly ByteTableLayout Layout = new(Outputs, Inputs);

    private Memory<int> _z, _reference;
    private Memory<ushort> _words;
    private Memory<short> _work;
    private Memory<sbyte> _signs;
    private byte[] _x = [];

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        byte[] bits = new byte[Outputs * Inputs / 8];
        random.NextBytes(bits);
        _x = new byte[Batch * Inputs];
        random.NextBytes(_x);
        _z = AlignedBuffer.Allocate<int>(Batch * Layout.Stride);
        _reference = AlignedBuffer.Allocate<int>(Batch * Outputs);
        _work = AlignedBuffer.Allocate<short>(ByteTableGemm.WorkLength);
        _signs = AlignedBuffer.Allocate<sbyte>(Outputs * ByteSignGemm.Stride(Inputs));
        _words = AlignedBuffer.Allocate<ushort>(Layout.Length);
        ByteTablePacking.Pack(bits, Layout, _words.Span);
        float[] weights = new float[Outputs * Inputs];
        for (int i = 0; i < weights.Length; i++) weights[i] = (bits[i / 8] >> i % 8 & 1) != 0 ? 1 : -1;
        ByteSignPacking.Pack(weights, 1, _signs.Span, Inputs);
        ByteSignGemm.MultiplyScalar(new ByteRows(_x, Inputs), _signs.Span, _reference.Span);
        SumTables();
        if (!_z.Span.SequenceEqual(_reference.Span)) throw new InvalidOperationException("The sums by tables are wrong.");
    }

    [Benchmark(Baseline = true)]
    public float FmaBound() => FmaRoofline.Run((long)Batch * Outputs * Inputs);

    [Benchmark]
    public void SumTables() => ByteTableGemm.Multiply(new ByteRows(_x, Inputs), _words.Span, Layout, _z.Span, _work.Span);

    [Benchmark]
    public void ByteProducts() => ByteSignGemm.Multiply(new ByteRows(_x, Inputs), _signs.Span, _z.Span);
}
