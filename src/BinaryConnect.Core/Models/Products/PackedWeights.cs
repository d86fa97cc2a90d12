using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Products;

/// <summary>
/// Weights [m, f] and, while all effective values are ±H, their packed signs. Products run on the signs then, else on
/// floats. For inputs of ±1 there is a third copy of the signs, which the product of bits reads.
/// </summary>
internal sealed class PackedWeights : BinarizePass.IParts
{
    /// <summary>The most inputs or outputs: 16 floats of a table for each fit one buffer.</summary>
    public const int MostUnits = 1 << 26;

    /// <summary>The most weights: packed signs of any shape fit one buffer.</summary>
    public const int MostWeights = 1 << 30;

    // So few weights are binarized before another thread is awake.
    private const int MostOnOneThread = 1 << 16;

    private readonly Parameter _weights;
    private readonly SignLayout _layout;
    private readonly BitLayout _bitLayout;
    private readonly Memory<uint> _signs, _transposedSigns;
    private readonly Memory<byte> _bits;
    private readonly Action<Span<float>> _unpack;

    // The arguments of the parts of one binarization; no binarizer where signs are packed from effective values.
    private ISignBinarizer? _binarizer;
    private ulong _call;
    private int _parts;

    /// <summary>Makes room for the signs.</summary>
    /// <param name="weights">w, [m, f].</param>
    /// <param name="meetsSigns">Whether inputs may be ±1.</param>
    public PackedWeights(Parameter weights, bool meetsSigns)
    {
        _weights = weights;
        _layout = new SignLayout(weights.FanOut, weights.FanIn);
        _bitLayout = new BitLayout(weights.FanOut, weights.FanIn);
        if (meetsSigns) _bits = AlignedBuffer.Allocate<byte>(_bitLayout.Length);
        _signs = AlignedBuffer.Allocate<uint>(_layout.Length);
        _transposedSigns = AlignedBuffer.Allocate<uint>(_layout.Transposed.Length);
        _unpack = effective => SignPacking.Unpack(_signs.Span, _layout, _weights.Bound, effective);
    }

    /// <summary>Whether all effective values are ±H, and their packed signs are used.</summary>
    public bool IsBinary { get; private set; }

    /// <summary>Whether the weights are ±H and may meet ±1 in <see cref="MultiplyBits"/>.</summary>
    public bool HasBits => IsBinary && !_bits.IsEmpty;

    /// <summary>The layout of the bits, and of inputs that meet them.</summary>
    public BitLayout BitLayout => _bitLayout;

    /// <summary>w, [m, f].</summary>
    public Parameter Weights => _weights;

    /// <summary>
    /// Throws unless packed signs of such a layer fit their buffers; asks for the memory of its products.
    /// </summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Prepare(int inputs, int outputs, LayerBuilder builder)
    {
        Guard.AtMost(outputs, MostUnits, nameof(outputs));
        Guard.AtMost(inputs, MostUnits, nameof(inputs));
        Guard.Product(outputs, inputs, MostWeights, nameof(outputs), nameof(inputs));
        builder.NeedScratch(ScratchLength(inputs, outputs));
        builder.LimitRows(Math.Min(SignGemm.MostRows(inputs), SignGemm.MostRows(outputs)));
    }

    /// <summary>Makes the effective values, and packs their signs.</summary>
    public void Binarize(in BinarizePass pass)
    {
        IBinarizer binarizer = pass.BinarizerOf(_weights);
        _binarizer = binarizer as ISignBinarizer;
        if (_binarizer is not null)
        {
            _call = _binarizer.BeginCall();
            IsBinary = true;
            _weights.DeferEffective(_unpack);
        }
        else
        {
            // A user's binarizer may throw: until it is done, the packed signs are not those of the weights.
            IsBinary = false;
            binarizer.Binarize(_weights.Latent, _weights.Effective, _weights.Bound);
            IsBinary = _weights.AreSigns(_weights.Effective);
        }

        if (!IsBinary) return;
        _parts = _weights.Length > MostOnOneThread ? pass.MostParts : 1;
        pass.Run(this, _parts);
    }

    /// <summary>Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, f], z [n, m].</summary>
    public void Multiply(ReadOnlyMemory<float> x, Memory<float> z, int rows, LayerWorkspace workspace)
    {
        if (IsBinary)
        {
            workspace.Signs.Multiply(x, _signs, _layout, _weights.Bound, z, rows);
            return;
        }

        var shape = new GemmShape(rows, _layout.Outputs, _layout.Inputs, TransposeB: true);
        workspace.Floats.Multiply(shape, x, _weights.EffectiveMemory, z);
    }

    /// <summary>Effectively computes d[i, k] = Σ_j g[i, j] · w[j, k] for g [n, m], d [n, f].</summary>
    public void MultiplyTransposed(ReadOnlyMemory<float> g, Memory<float> d, int rows, LayerWorkspace workspace)
    {
        if (IsBinary)
        {
            workspace.Signs.Multiply(g, _transposedSigns, _layout.Transposed, _weights.Bound, d, rows);
            return;
        }

        var shape = new GemmShape(rows, _layout.Inputs, _layout.Outputs);
        workspace.Floats.Multiply(shape, g, _weights.EffectiveMemory, d);
    }

    /// <summary>
    /// Effectively computes z[i, j] = H · Σ_k a[i, k] · sign(w[j, k]) for groups of a [n, f] = ±1, z [n, m]. The sums
    /// are exact; <paramref name="sums"/> [n, <see cref="BitLayout.Stride"/>] receives them.
    /// </summary>
    public void MultiplyBits(ReadOnlySpan<byte> groups, Span<int> sums, Span<float> z)
    {
        BitGemm.Multiply(groups, _bits.Span, _bitLayout, sums);
        for (int i = 0; i < z.Length / _layout.Outputs; i++)
        {
            Span<float> row = z.Slice(i * _layout.Outputs, _layout.Outputs);
            TensorPrimitives.ConvertTruncating<int, float>(sums.Slice(i * _bitLayout.Stride, row.Length), row);
            if (_weights.Bound != 1) TensorPrimitives.Multiply(row, _weights.Bound, row);
        }
    }

    /// <summary>Effectively computes dL/dw[j, k] = Σ_i g[i, j] · x[i, k] for g [n, m], x [n, f].</summary>
    public void WeightGradient(ReadOnlyMemory<float> g, ReadOnlyMemory<float> x, int rows, LayerWorkspace workspace)
    {
        var shape = new GemmShape(_layout.Outputs, _layout.Inputs, rows, TransposeA: true);
        workspace.Floats.Multiply(shape, g, x, _weights.GradientMemory);
    }

    // Binarizes and packs a word of outputs at a time, which stays in a core's own cache in between.
    void BinarizePass.IParts.Run(in BinarizePass pass, int part)
    {
        (int first, int end) = WorkRange.Of(_layout.Outputs, SignLayout.WordInputs, part, _parts);
        int inputs = _layout.Inputs;
        if (_binarizer is null)
        {
            Pack(_weights.Effective[(first * inputs)..(end * inputs)], first);
            return;
        }

        for (int output = first; output < end; output += SignLayout.WordInputs)
        {
            int start = output * inputs, length = Math.Min(SignLayout.WordInputs, end - output) * inputs;
            int early = start % ISignBinarizer.PartMultiple;
            Span<float> signs = pass.Scratch[..(early + length)];
            ReadOnlySpan<float> latent = _weights.Latent.Slice(start - early, signs.Length);
            _binarizer.BinarizePart(latent, signs, _weights.Bound, start - early, _call);
            Pack(signs[early..], output);
        }
    }

    private static int ScratchLength(int inputs, int outputs)
    {
        long weights = Math.Min((long)SignLayout.WordInputs * inputs, MostWeights) + ISignBinarizer.PartMultiple;
        var layout = new SignLayout(outputs, inputs);
        return (int)Math.Max(weights, Math.Max(SignGemm.WorkLength(layout), SignGemm.WorkLength(layout.Transposed)));
    }

    private void Pack(ReadOnlySpan<float> weights, int first)
    {
        SignPacking.PackRows(weights, first, _layout, _signs.Span, _transposedSigns.Span);
        if (_bits.IsEmpty) return;
        BitRegrouping.Regroup(_signs.Span, _bitLayout, first, first + weights.Length / _layout.Inputs, _bits.Span);
    }
}
