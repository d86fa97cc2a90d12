using BenchmarkDotNet.Attributes;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The float product of layers of any size, [m, k] · [k, n], in times the multiply-adds of one thread in registers.
/// </summary>
[MemoryDiagnoser]
public class FloatProduct
{
    private const int CheckedRows = 2;

    // A product of this few outputs has its own kernel.
    private const int Classes = 10;

    private readonly GemmWorkspace _workspace = new();
    private readonly ParallelGemm _parallel = new(degreeOfParallelism: 2);
    private Memory<float> _a, _b, _c;
    private GemmShape _shape;

    /// <summary>m × k × n, then N or T for each factor: as it is, or stored transposed.</summary>
    [Params("128x784x10 NT", "1024x1024x1024 NN", "100x1024x1024 NN", "100x1024x1024 NT", "100x1024x1024 TN")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string[] parts = Shape.Split('x', ' ');
        (int m, int k, int n) = (int.Parse(parts[0]), int.Parse(parts[1]), int.Parse(parts[2]));
        _shape = new GemmShape(m, n, k, parts[3][0] == 'T', parts[3][1] == 'T');
        _a = Random(_shape.Rows * _shape.Inner, stream: 1);
        _b = Random(_shape.Inner * _shape.Columns, stream: 2);
        _c = AlignedBuffer.Allocate(_shape.Rows * _shape.Columns);
        float[] expected = new float[_c.Length];
        FloatGemm.MultiplyScalar(_shape, new GemmPart(0, CheckedRows, 0, _shape.Columns), _a.Span, _b.Span, expected);
        Product();
        Check(expected);
        _c.Span.Clear();
        OnTwoThreads();
        Check(expected);
    }

    [Benchmark(Baseline = true)]
    public float FmaBound() => FmaRoofline.Run(_shape.MultiplyAdds);

    [Benchmark]
    public void Product()
    {
        if (_shape.Columns == Classes) NarrowGemm.MultiplyTransposed(_a.Span, _b.Span, _c.Span, _shape.Inner);
        else FloatGemm.Multiply(_shape, _a.Span, _b.Span, _c.Span, _workspace);
    }

    /// <summary>The same on two threads, if it is large enough to be split.</summary>
    [Benchmark]
    public void OnTwoThreads()
    {
        if (_shape.Columns == Classes) Product();
        else _parallel.Multiply(_shape, _a, _b, _c);
    }

    private void Check(float[] expected)
    {
        for (int i = 0; i < CheckedRows * _shape.Columns; i++)
        {
            if (!(Math.Abs(_c.Span[i] - expected[i]) <= 1e-5f * _shape.Inner))
                throw new InvalidOperationException($"The product is wrong at {i}: {_c.Span[i]} instead of {expected[i]}.");
        }
    }

    private static Memory<float> Random(int length, ulong stream)
    {
        Memory<float> values = AlignedBuffer.Allocate(length);
        Philox4x32.Uniform(0, stream, 1, values.Span);
        return values;
    }
}
