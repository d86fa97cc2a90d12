using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Inference.Execution;

/// <summary>
/// A packed layer in the layout of its kernels, which is made once. It is read alone, so that threads share it.
/// </summary>
internal sealed class LayerKernel
{
    private const int MostNarrowOutputs = 16, MostNarrowWeights = 1 << 24;

    private readonly PackedLayer _layer;
    private readonly SignLayout _layout;
    private readonly Memory<uint> _signs;

    // For a layer of few outputs: a tile of packed signs has room for 64 outputs.
    private readonly float[] _narrowSigns = [];

    // For inputs that are bytes or bits: the product, and what makes its sums outputs.
    private readonly IIntegerProduct? _product;
    private readonly float[] _sumScale, _sumOffset;
    private readonly ByteScaling? _outputBytes;
    private readonly FixedPointRounding? _rounding;
    private readonly SignThresholds? _thresholds;

    /// <summary>Makes the layout of a layer among others.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputBytes">
    /// What a byte of an input stands for; null for inputs that are never bytes.
    /// </param>
    /// <param name="before">The layer before; null for the first.</param>
    /// <param name="after">The layer after; null for the last.</param>
    public LayerKernel(PackedLayer layer, ByteScaling? inputBytes, PackedLayer? before = null, PackedLayer? after = null)
    {
        _layer = layer;
        _layout = new SignLayout(layer.Outputs, layer.Inputs);
        _outputBytes = after?.InputBytes;
        TakesBits = HasBitsBetween(before, layer);
        GivesBits = HasBitsBetween(layer, after);
        if (!layer.SignBits.IsEmpty && !TakesBits && layer.InputBytes is null) _signs = PackSigns();
        bool isNarrow = layer.Outputs <= MostNarrowOutputs && (long)layer.Inputs * layer.Outputs <= MostNarrowWeights;
        if (!_signs.IsEmpty && isNarrow)
        {
            _narrowSigns = new float[Guard.Product(Outputs, Inputs, MostNarrowWeights, nameof(Outputs), nameof(Inputs))];
            SignPacking.Unpack(_signs.Span, _layout, 1, _narrowSigns);
        }

        if (TakesBits) _product = new BitProduct(Inputs, Outputs, layer.SignBits);
        else if (inputBytes is not null && !layer.SignBits.IsEmpty && layer.Inputs <= ByteSignGemm.MostInputs)
            _product = new ByteProduct(Inputs, Outputs, layer.SignBits.Span);
        (double[] scale, double[] offset) = AffineOfSums(inputBytes ?? new ByteScaling(1, 0));
        _sumScale = Array.ConvertAll(scale, value => (float)value);
        _sumOffset = Array.ConvertAll(offset, value => (float)value);
        if (_product is null) return;
        if (GivesBits) _thresholds = new SignThresholds(scale, offset, layer.Low, layer.High);
        else if (_outputBytes is { } bytes) _rounding = RoundingOf(scale, offset, bytes);
    }

    /// <summary>Values of an input row.</summary>
    public int Inputs => _layer.Inputs;

    /// <summary>Values of an output row.</summary>
    public int Outputs => _layer.Outputs;

    /// <summary>Whether the inputs are bits: ±1 that a layer before gives.</summary>
    public bool TakesBits { get; }

    /// <summary>Whether the outputs are bits: ±1 for a product after.</summary>
    public bool GivesBits { get; }

    /// <summary>Whether the outputs are bytes or bits, and not floats.</summary>
    public bool GivesBytes => GivesBits || _outputBytes is not null;

    /// <summary>The bytes of a row of outputs that are bytes or bits.</summary>
    public int OutputBytes => GivesBits ? (Outputs + 7) / 8 : Outputs;

    /// <summary>Whether the sums of bytes or bits are integers.</summary>
    public bool HasIntegerSums => _product is not null;

    /// <summary>What the bytes of the outputs stand for; null for other outputs.</summary>
    public ByteScaling? BytesOfOutputs => GivesBits ? null : _outputBytes;

    /// <summary>What makes bytes of integer sums; null for other outputs.</summary>
    public FixedPointRounding? Rounding => _rounding;

    /// <summary>What makes bits of integer sums; null for other outputs.</summary>
    public SignThresholds? Thresholds => _thresholds;

    /// <summary>The factor of a sum of bytes or bits, one for each output.</summary>
    public ReadOnlySpan<float> SumScale => _sumScale;

    /// <summary>The addend of a sum of bytes or bits, one for each output.</summary>
    public ReadOnlySpan<float> SumOffset => _sumOffset;

    /// <summary>The memory that the products need.</summary>
    public LayerNeeds Needs => new(
        Math.Max(Inputs, Outputs),
        GivesBytes ? OutputBytes : 0,
        _product?.Stride ?? 0,
        _signs.IsEmpty ? 0 : SignGemm.WorkLength(_layout),
        _product?.TablesLength ?? 0,
        _product?.GroupsLength ?? 0);

    /// <summary>Effectively computes y [n, m] of float inputs x [n, f].</summary>
    public void Run(ReadOnlySpan<float> x, Span<float> y, LayerMemory memory)
    {
        Multiply(x, y, memory);
        Finish(y, _layer.Scale.Span, _layer.Offset.Span);
    }

    /// <summary>
    /// Effectively computes y [n, m] of bytes or bits of n rows. Sums are exact integers for signs, and whole numbers
    /// in single precision for more than <see cref="ByteSignGemm.MostInputs"/> inputs.
    /// </summary>
    public void Run(ReadOnlySpan<byte> bytes, Span<float> y, LayerMemory memory)
    {
        if (_product is null)
        {
            Span<float> x = memory.X[..bytes.Length];
            ByteToFloat.Widen(bytes, 1, 0, x);
            Multiply(x, y, memory);
        }
        else
        {
            Span<int> sums = MemoryMarshal.Cast<float, int>(y);
            for (int start = 0; start < sums.Length / Outputs; start += LayerMemory.SumRows)
            {
                Span<int> rows = sums[(start * Outputs)..];
                if (_product.Stride == Outputs) Multiply(bytes, start, rows, memory);
                else MultiplyApart(bytes, start, rows, memory);
            }

            ShortRows.IntegersToFloats(y);
        }

        Finish(y, _sumScale, _sumOffset);
    }

    /// <summary>Effectively computes the outputs of bytes or bits of n rows, as bytes or bits.</summary>
    public void Run(ReadOnlySpan<byte> bytes, Span<byte> rounded, LayerMemory memory)
    {
        int rows = rounded.Length / OutputBytes;
        if (_product is null)
        {
            Span<float> y = memory.Y[..(rows * Outputs)];
            Run(bytes, y, memory);
            Round(y, rounded);
            return;
        }

        for (int start = 0; start < rows; start += LayerMemory.SumRows)
        {
            int count = Multiply(bytes, start, memory.Sums, memory);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<int> sums = memory.Sums.Slice(i * _product.Stride, Outputs);
                Span<byte> row = rounded.Slice((start + i) * OutputBytes, OutputBytes);
                if (_thresholds is not null) _thresholds.Apply(sums, row);
                else _rounding!.Round(sums, row);
            }
        }
    }

    /// <summary>Effectively computes the outputs of floats [n, f], as bytes or bits.</summary>
    public void Run(ReadOnlySpan<float> x, Span<byte> rounded, LayerMemory memory)
    {
        Span<float> y = memory.Y[..(x.Length / Inputs * Outputs)];
        Run(x, y, memory);
        Round(y, rounded);
    }

    private static bool HasBitsBetween(PackedLayer? before, PackedLayer? after) =>
        before is { HasSignOutput: true } && after is { SignBits.IsEmpty: false, InputBytes: null };

    private static byte RoundedByte(double value) => (byte)Math.Clamp(Math.Floor(value + 0.5), 0, byte.MaxValue);

    private void Round(ReadOnlySpan<float> y, Span<byte> rounded)
    {
        if (_outputBytes is { } bytes)
        {
            FloatToByte.Round(y, 1 / bytes.Scale, bytes.Shift, rounded);
            return;
        }

        for (int i = 0; i < rounded.Length / OutputBytes; i++)
            BitPacking.PackSigns(y.Slice(i * Outputs, Outputs), rounded.Slice(i * OutputBytes, OutputBytes));
    }

    private void MultiplyApart(ReadOnlySpan<byte> bytes, int start, Span<int> sums, LayerMemory memory)
    {
        int count = Multiply(bytes, start, memory.Sums, memory);
        for (int i = 0; i < count; i++)
            memory.Sums.Slice(i * _product!.Stride, Outputs).CopyTo(sums[(i * Outputs)..]);
    }

    // The sums of a few rows from one on, which stay in L1 until they become outputs. Returns how many rows.
    private int Multiply(ReadOnlySpan<byte> bytes, int start, Span<int> sums, LayerMemory memory)
    {
        int inputBytes = _product!.InputBytes, count = Math.Min(LayerMemory.SumRows, bytes.Length / inputBytes - start);
        _product.Multiply(bytes.Slice(start * inputBytes, count * inputBytes), sums, memory);
        return count;
    }

    // y = scale · Σ (byte · input.Scale + input.Shift) · w + offset, as a factor and an offset of Σ byte · w.
    private (double[] Scale, double[] Offset) AffineOfSums(ByteScaling input)
    {
        var (factors, offsets) = (new double[Outputs], new double[Outputs]);
        for (int j = 0; j < Outputs; j++)
        {
            double scale = _layer.Scale.Span[j];
            factors[j] = scale * input.Scale;
            offsets[j] = _layer.Offset.Span[j] + scale * input.Shift * WeightSum(j);
        }

        return (factors, offsets);
    }

    // Rounding keeps order, so that the rounded limits of the output limit the rounded output.
    private FixedPointRounding RoundingOf(double[] scale, double[] offset, ByteScaling bytes) => new(
        Array.ConvertAll(scale, value => value / bytes.Scale),
        Array.ConvertAll(offset, value => (value - bytes.Shift) / bytes.Scale),
        RoundedByte(((double)_layer.Low - bytes.Shift) / bytes.Scale),
        RoundedByte(((double)_layer.High - bytes.Shift) / bytes.Scale));

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

    private void Multiply(ReadOnlySpan<float> x, Span<float> y, LayerMemory memory)
    {
        if (_narrowSigns.Length > 0) NarrowGemm.MultiplyTransposed(x, _narrowSigns, y, Inputs);
        else if (!_signs.IsEmpty) SignGemm.Multiply(x, _signs.Span, _layout, 1, y, memory.Work);
        else if (_layer.Weights.IsEmpty) x.CopyTo(y);
        else if (Outputs <= MostNarrowOutputs || x.Length == Inputs)
            NarrowGemm.MultiplyTransposed(x, _layer.Weights.Span, y, Inputs);
        else FloatGemm.Multiply(
            new GemmShape(x.Length / Inputs, Outputs, Inputs, TransposeB: true), x, _layer.Weights.Span, y, memory.Gemm);
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
        if (_layer.HasSignOutput && !GivesBits) Signs.Binarize(y, 1, y);
    }
}
