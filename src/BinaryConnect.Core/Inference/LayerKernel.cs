using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Inference;

/// <summary>
/// A packed layer in the layout of its kernel, which is made once. It is read alone, so that threads share it.
/// </summary>
internal sealed class LayerKernel
{
    /// <summary>
    /// The most inputs of a layer whose sums of bytes are exact in single precision: 255 · f is at most 2²⁴.
    /// </summary>
    public const int MostExactInputs = (1 << 24) / byte.MaxValue;

    private const int MostNarrowOutputs = 16, MostNarrowWeights = 1 << 24;

    private readonly PackedLayer _layer;
    private readonly SignLayout _layout;
    private readonly Memory<uint> _signs;

    // For a layer of few outputs: its signs as bytes, and as floats. A tile of packed signs has room for 64 outputs.
    private readonly Memory<sbyte> _byteSigns;
    private readonly float[] _narrowSigns = [];
    private readonly float[] _byteScale, _byteOffset;

    /// <summary>Makes the layout; scale and shift are those of bytes, for a first layer.</summary>
    public LayerKernel(PackedLayer layer, float inputScale, float inputShift)
    {
        _layer = layer;
        _layout = new SignLayout(layer.Outputs, layer.Inputs);
        (_byteScale, _byteOffset) = (new float[layer.Outputs], new float[layer.Outputs]);
        if (!layer.SignBits.IsEmpty) _signs = PackSigns();
        bool isNarrow = layer.Outputs <= MostNarrowOutputs && (long)layer.Inputs * layer.Outputs <= MostNarrowWeights;
        if (!layer.SignBits.IsEmpty && isNarrow)
        {
            _narrowSigns = new float[Guard.Product(Outputs, Inputs, MostNarrowWeights, nameof(Outputs), nameof(Inputs))];
            SignPacking.Unpack(_signs.Span, _layout, 1, _narrowSigns);
            if (layer.Inputs <= ByteSignGemm.MostInputs) _byteSigns = PackByteSigns();
        }

        for (int j = 0; j < layer.Outputs; j++)
        {
            double scale = layer.Scale.Span[j];
            _byteScale[j] = (float)(scale * inputScale);
            _byteOffset[j] = (float)(layer.Offset.Span[j] + scale * inputShift * WeightSum(j));
        }
    }

    /// <summary>Values of an input row.</summary>
    public int Inputs => _layer.Inputs;

    /// <summary>Values of an output row.</summary>
    public int Outputs => _layer.Outputs;

    /// <summary>How many floats of work space a row block needs.</summary>
    public int WorkLength => _signs.IsEmpty ? 0 : SignGemm.WorkLength(_layout);

    /// <summary>Effectively computes y [n, m] of float inputs x [n, f].</summary>
    public void Run(ReadOnlySpan<float> x, Span<float> y, Span<float> work, GemmWorkspace gemm)
    {
        Multiply(x, y, work, gemm);
        Finish(y, _layer.Scale.Span, _layer.Offset.Span);
    }

    /// <summary>
    /// Effectively computes y [n, m] of bytes [n, f] that stand for byte · scale + shift. Sums are whole numbers, and
    /// exact, for signs of few outputs, or at most <see cref="MostExactInputs"/> inputs.
    /// </summary>
    public void Run(ReadOnlySpan<byte> bytes, Span<float> x, Span<float> y, Span<float> work, GemmWorkspace gemm)
    {
        if (_byteSigns.IsEmpty)
        {
            ByteToFloat.Widen(bytes, 1, 0, x);
            Multiply(x, y, work, gemm);
        }
        else
        {
            ByteSignGemm.Multiply(new ByteRows(bytes, Inputs), _byteSigns.Span, MemoryMarshal.Cast<float, int>(y));
            ShortRows.IntegersToFloats(y);
        }

        Finish(y, _byteScale, _byteOffset);
    }

    // The words of the layout hold 32 inputs, the first in the lowest bit: four bytes of a row in canonical order.
    private Memory<uint> PackSigns()
    {
        Memory<uint> packed = AlignedBuffer.Allocate<uint>(_layout.Length);
        int stride = _layer.BytesPerRow;
        Span<byte> word = stackalloc byte[sizeof(uint)];
        for (int output = 0; output < _layer.Outputs; output++)
        {
            ReadOnlySpan<byte> row = _layer.SignBits.Span.Slice(output * stride, stride);
            for (int i = 0; i < _layout.Words; i++)
            {
                ReadOnlySpan<byte> bytes = row.Slice(i * sizeof(uint), Math.Min(sizeof(uint), stride - i * sizeof(uint)));
                word.Clear();
                bytes.CopyTo(word);
                packed.Span[_layout.IndexOf(output, i)] = BinaryPrimitives.ReadUInt32LittleEndian(word);
            }
        }

        return packed;
    }

    private Memory<sbyte> PackByteSigns()
    {
        int length = Guard.Product(
            Outputs, ByteSignGemm.Stride(Inputs), AlignedBuffer.MostLength, nameof(Outputs), "bytes of a row");
        Memory<sbyte> packed = AlignedBuffer.Allocate<sbyte>(length);
        ByteSignPacking.Pack(_narrowSigns, 1, packed.Span, Inputs);
        return packed;
    }

    private double WeightSum(int output)
    {
        if (!_layer.Weights.IsEmpty)
        {
            double sum = 0;
            foreach (float weight in _layer.Weights.Span.Slice(output * Inputs, Inputs)) sum += weight;
            return sum;
        }

        if (_layer.SignBits.IsEmpty) return 1;
        int positive = 0;
        foreach (byte bits in _layer.SignBits.Span.Slice(output * _layer.BytesPerRow,
            _layer.BytesPerRow)) positive += byte.PopCount(bits);
        return 2.0 * positive - Inputs;
    }

    private void Multiply(ReadOnlySpan<float> x, Span<float> y, Span<float> work, GemmWorkspace gemm)
    {
        bool isRow = x.Length == Inputs;
        if (_narrowSigns.Length > 0 && !isRow) NarrowGemm.MultiplyTransposed(x, _narrowSigns, y, Inputs);
        else if (!_signs.IsEmpty) SignGemm.Multiply(x, _signs.Span, _layout, 1, y, work);
        else if (_layer.Weights.IsEmpty) x.CopyTo(y);
        else if (Outputs <= MostNarrowOutputs) NarrowGemm.MultiplyTransposed(x, _layer.Weights.Span, y, Inputs);
        else FloatGemm.Multiply(
            new GemmShape(x.Length / Inputs, Outputs, Inputs, TransposeB: true), x, _layer.Weights.Span, y, gemm);
    }

    private void Finish(Span<float> y, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset)
    {
        for (int start = 0; start < y.Length; start += Outputs)
        {
            Span<float> row = y.Slice(start, Outputs);
            TensorPrimitives.MultiplyAdd(row, scale, offset, row);
        }

        if (!float.IsNegativeInfinity(_layer.Low)) TensorPrimitives.Max(y, _layer.Low, y);
        if (!float.IsPositiveInfinity(_layer.High)) TensorPrimitives.Min(y, _layer.High, y);
    }
}
