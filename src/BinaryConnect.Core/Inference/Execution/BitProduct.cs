using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Inference.Execution;

/// <summary>
/// The product of ±1 with the signs of a layer, both as bits, by the kernel that is fastest here: constant sum tables
/// on AVX-512 VBMI, else population counts.
/// </summary>
internal sealed class BitProduct : IIntegerProduct
{
    private readonly BitLayout _layout;
    private readonly ReadOnlyMemory<byte> _bits;
    private readonly Memory<byte> _groups;

    /// <summary>Packs signs for the kernel.</summary>
    /// <param name="inputs">f.</param>
    /// <param name="outputs">m.</param>
    /// <param name="bits">[m, ⌈f/8⌉], in the order of <see cref="PackedLayer.SignBits"/>.</param>
    public BitProduct(int inputs, int outputs, ReadOnlyMemory<byte> bits)
    {
        _layout = new BitLayout(outputs, inputs);
        _bits = bits;
        if (!BitGemm.IsFast) return;
        _groups = AlignedBuffer.Allocate<byte>(_layout.Length);
        BitPacking.PackOutputs(bits.Span, _layout, _groups.Span);
    }

    /// <inheritdoc/>
    public int InputBytes => (_layout.Inputs + 7) / 8;

    /// <inheritdoc/>
    public int Stride => _groups.IsEmpty ? _layout.Outputs : _layout.Stride;

    /// <inheritdoc/>
    public int TablesLength => 0;

    /// <inheritdoc/>
    public int GroupsLength => _groups.IsEmpty ? 0 : _layout.Groups;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<byte> x, Span<int> z, LayerMemory memory)
    {
        if (_groups.IsEmpty)
        {
            BitWords.Multiply(x, _bits.Span, _layout.Inputs, z);
            return;
        }

        int rows = x.Length / InputBytes;
        Span<byte> groups = memory.Groups[..(rows * _layout.Groups)];
        for (int i = 0; i < rows; i++)
            BitPacking.PackRow(x.Slice(i * InputBytes, InputBytes), groups.Slice(i * _layout.Groups, _layout.Groups));
        BitGemm.Multiply(groups, _groups.Span, _layout, z);
    }
}
