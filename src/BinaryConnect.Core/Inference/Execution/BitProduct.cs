using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Inference.Execution;

/// <summary>The product of ±1 with the signs of a layer, both as bits.</summary>
internal sealed class BitProduct : IIntegerProduct
{
    private readonly BitLayout _layout;
    private readonly Memory<byte> _groups;

    /// <summary>Packs signs for the kernel.</summary>
    /// <param name="inputs">f.</param>
    /// <param name="outputs">m.</param>
    /// <param name="bits">[m, ⌈f/8⌉], in the order of <see cref="PackedLayer.SignBits"/>.</param>
    public BitProduct(int inputs, int outputs, ReadOnlyMemory<byte> bits)
    {
        _layout = new BitLayout(outputs, inputs);
        _groups = AlignedBuffer.Allocate<byte>(_layout.Length);
        BitPacking.PackOutputs(bits.Span, _layout, _groups.Span);
    }

    /// <inheritdoc/>
    public int InputBytes => (_layout.Inputs + 7) / 8;

    /// <inheritdoc/>
    public int Stride => _layout.Stride;

    /// <inheritdoc/>
    public int TablesLength => 0;

    /// <inheritdoc/>
    public int GroupsLength => _layout.Groups;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<byte> x, Span<int> z, LayerMemory memory)
    {
        int rows = x.Length / InputBytes;
        Span<byte> groups = memory.Groups[..(rows * _layout.Groups)];
        for (int i = 0; i < rows; i++)
            BitPacking.PackRow(x.Slice(i * InputBytes, InputBytes), _layout, groups.Slice(i * _layout.Groups, _layout.Groups));
        BitGemm.Multiply(groups, _groups.Span, _layout, z);
    }
}
