using BinaryConnect.Guards;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Inference.Execution;

/// <summary>The buffers of one thread, for the rows of a block.</summary>
internal sealed class LayerMemory
{
    /// <summary>The rows whose sums are made at once; products share weights between four.</summary>
    public const int SumRows = 4;

    private readonly Memory<float> _work;
    private readonly Memory<short> _tables;
    private readonly Memory<int> _sums;
    private readonly Memory<byte> _groups;
    private Memory<float> _x, _y;
    private Memory<byte> _xBytes, _yBytes;

    /// <summary>Allocates for the layers of a model.</summary>
    public LayerMemory(LayerNeeds needs, int rows)
    {
        int Length(int ofRow) => Guard.Product(rows, ofRow, AlignedBuffer.MostLength, nameof(rows), "values of a row");
        int LengthOfSums(int ofRow) => Guard.Product(
            SumRows, ofRow, AlignedBuffer.MostLength, nameof(SumRows), "values of a row");
        int floats = Length(needs.Widest), bytes = Length(needs.Bytes);
        (_x, _y) = (AlignedBuffer.Allocate(floats), AlignedBuffer.Allocate(floats));
        (_xBytes, _yBytes) = (AlignedBuffer.Allocate<byte>(bytes), AlignedBuffer.Allocate<byte>(bytes));
        _work = AlignedBuffer.Allocate(needs.Work);
        _tables = AlignedBuffer.Allocate<short>(needs.Tables);
        _sums = AlignedBuffer.Allocate<int>(LengthOfSums(needs.Sums));
        _groups = AlignedBuffer.Allocate<byte>(LengthOfSums(needs.Groups));
    }

    /// <summary>The inputs of a layer, or room for bytes as floats.</summary>
    public Span<float> X => _x.Span;

    /// <summary>The outputs of a layer.</summary>
    public Span<float> Y => _y.Span;

    /// <summary>The outputs of a layer, rounded to bytes, or to bits, for the next.</summary>
    public Span<byte> YBytes => _yBytes.Span;

    /// <summary>The work space of products of floats with signs.</summary>
    public Span<float> Work => _work.Span;

    /// <summary>The sum tables of products of bytes.</summary>
    public Span<short> Tables => _tables.Span;

    /// <summary>The groups of products of bits, of <see cref="SumRows"/> rows.</summary>
    public Span<byte> Groups => _groups.Span;

    /// <summary>The sums of products of bytes, or of bits, of <see cref="SumRows"/> rows.</summary>
    public Span<int> Sums => _sums.Span;

    /// <summary>The work space of products of floats.</summary>
    public GemmWorkspace Gemm { get; } = new();

    /// <summary>Makes the outputs of a layer the inputs of the next.</summary>
    public void Swap() => (_x, _y, _xBytes, _yBytes) = (_y, _x, _yBytes, _xBytes);
}
