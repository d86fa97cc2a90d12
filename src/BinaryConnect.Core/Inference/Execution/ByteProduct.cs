using BinaryConnect.Guards;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Inference.Execution;

/// <summary>
/// The product of bytes with the signs of a layer, exact in integers, by the kernel that is fastest here: sum tables
/// for many outputs on AVX-512, else products of bytes. Threads share it.
/// </summary>
internal sealed class ByteProduct : IIntegerProduct
{
    private const int FewOutputs = 16;

    private readonly ByteTableLayout _layout;
    private readonly Memory<ushort> _words;
    private readonly Memory<sbyte> _signs;

    /// <summary>Packs signs for the kernel.</summary>
    /// <param name="inputs">f, at most <see cref="ByteSignGemm.MostInputs"/>.</param>
    /// <param name="outputs">m.</param>
    /// <param name="bits">[m, ⌈f/8⌉], in the order of <see cref="PackedLayer.SignBits"/>.</param>
    public ByteProduct(int inputs, int outputs, ReadOnlySpan<byte> bits)
    {
        _layout = new ByteTableLayout(outputs, inputs);
        if (outputs > FewOutputs && ByteTableGemm.IsFast)
        {
            _words = AlignedBuffer.Allocate<ushort>(_layout.Length);
            ByteTablePacking.Pack(bits, _layout, _words.Span);
            return;
        }

        int stride = ByteSignGemm.Stride(inputs), bytes = (inputs + 7) / 8;
        int length = Guard.Product(outputs, stride, AlignedBuffer.MostLength, nameof(outputs), "bytes of a row");
        _signs = AlignedBuffer.Allocate<sbyte>(length);
        float[] row = new float[inputs];
        for (int j = 0; j < outputs; j++)
        {
            for (int i = 0; i < inputs; i++) row[i] = (bits[j * bytes + i / 8] >> i % 8 & 1) != 0 ? 1 : -1;
            ByteSignPacking.Pack(row, 1, _signs.Span.Slice(j * stride, stride), inputs);
        }
    }

    /// <inheritdoc/>
    public int InputBytes => _layout.Inputs;

    /// <inheritdoc/>
    public int Stride => _words.IsEmpty ? _layout.Outputs : _layout.Stride;

    /// <inheritdoc/>
    public int GroupsLength => 0;

    /// <inheritdoc/>
    public int TablesLength => _words.IsEmpty ? 0 : ByteTableGemm.WorkLength;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<byte> x, Span<int> z, LayerMemory memory)
    {
        var rows = new ByteRows(x, _layout.Inputs);
        if (_words.IsEmpty) ByteSignGemm.Multiply(rows, _signs.Span, z);
        else ByteTableGemm.Multiply(rows, _words.Span, _layout, z, memory.Tables);
    }
}
