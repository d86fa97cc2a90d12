using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// z = x·w_bᵀ + b with latent weights w, stored [m, f] for f inputs and m outputs, that are binarized for propagation (paper,
/// algorithm 1). Where all propagated weights are ±H, forward and input gradient run on packed signs; else as float products.
/// </summary>
public sealed class BinaryDense : ILayer
{
    private readonly SignLayout _layout;
    private readonly Memory<uint> _signs;
    private readonly Memory<uint> _transposedSigns;
    private readonly Action<Span<float>> _unpack;
    private LayerWorkspace _workspace;

    internal BinaryDense(string name, int inputs, int outputs, bool hasBias, float bound, LayerWorkspace workspace)
    {
        _layout = new SignLayout(outputs, inputs);
        _signs = AlignedBuffer.Allocate<uint>(_layout.Length);
        _transposedSigns = AlignedBuffer.Allocate<uint>(_layout.Transposed.Length);
        Weights = new Parameter($"{name}.weights", inputs, outputs, isWeight: true, isBinarized: true) { Bound = bound };
        Bias = hasBias ? new Parameter($"{name}.bias", 1, outputs, isWeight: false, isBinarized: false) : null;
        Parameters = Bias is null ? [Weights] : [Weights, Bias];
        _unpack = propagated => SignPacking.Unpack(_signs.Span, _layout, Weights.Bound, propagated);
        _workspace = workspace;
    }

    /// <summary>w, [m, f].</summary>
    public Parameter Weights { get; }

    /// <summary>b, [m]; null for a layer without.</summary>
    public Parameter? Bias { get; }

    /// <summary>Weights and, where there is one, bias.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Whether all propagated weights are ±H, and their packed signs are used.</summary>
    internal bool IsBinary { get; set; }

    string ILayer.Kind => "binary dense";

    int ILayer.Inputs => _layout.Inputs;

    int ILayer.Outputs => _layout.Outputs;

    IReadOnlyList<Statistic> ILayer.Statistics => [];

    long ILayer.MultiplyAdds => Weights.Length;

    LayerWorkspace ILayer.Workspace
    {
        set => _workspace = value;
    }

    /// <summary>Whether every propagated weight is ±H.</summary>
    internal bool HasSignsOnly()
    {
        ReadOnlySpan<float> weights = Weights.Effective;
        return Math.Abs(TensorPrimitives.MaxMagnitude(weights)) == Weights.Bound
            && Math.Abs(TensorPrimitives.MinMagnitude(weights)) == Weights.Bound;
    }

    /// <summary>From here on, propagated weights are ±H by their packed signs, which <see cref="Binarize"/> sets.</summary>
    internal void BeginBinarizing()
    {
        IsBinary = true;
        Weights.DeferEffective(_unpack);
    }

    /// <summary>
    /// Binarizes the weights of outputs <paramref name="first"/> to <paramref name="end"/> and packs their signs, a word of outputs
    /// at a time, which stay in a core's own cache in between. Both are multiples of a word, or the end of all.
    /// </summary>
    internal void Binarize(ISignBinarizer binarizer, ulong call, int first, int end, Span<float> scratch)
    {
        int inputs = _layout.Inputs;
        for (int output = first; output < end; output += SignLayout.WordInputs)
        {
            int start = output * inputs, length = Math.Min(SignLayout.WordInputs, end - output) * inputs;
            int early = start % StochasticSigns.GroupLength;
            Span<float> signs = scratch[..(early + length)];
            binarizer.BinarizePart(Weights.Latent.Slice(start - early, signs.Length), signs, Weights.Bound, start - early, call);
            Pack(signs[early..], output);
        }
    }

    /// <summary>Packs the propagated weights of outputs <paramref name="first"/> to <paramref name="end"/>, a multiple of a word or the end of all.</summary>
    internal void Pack(int first, int end) =>
        Pack(Weights.Effective[(first * _layout.Inputs)..(end * _layout.Inputs)], first);

    private void Pack(ReadOnlySpan<float> weights, int first) =>
        SignPacking.PackRows(weights, first, _layout, _signs.Span, _transposedSigns.Span);

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        if (IsBinary)
        {
            _workspace.Signs.Multiply(inputs, _signs, _layout, Weights.Bound, outputs, rows);
        }
        else
        {
            var shape = new GemmShape(rows, _layout.Outputs, _layout.Inputs, TransposeB: true);
            _workspace.Floats.Multiply(shape, inputs, Weights.EffectiveMemory, outputs);
        }

        if (Bias is not null) ShortRows.ScaleAndAdd(outputs.Span[..(rows * _layout.Outputs)], 1, Bias.Latent);
    }

    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        var weightShape = new GemmShape(_layout.Outputs, _layout.Inputs, rows, TransposeA: true);
        _workspace.Floats.Multiply(weightShape, outputGradient, inputs, Weights.GradientMemory);
        if (Bias is not null) ShortRows.Sum(outputGradient.Span[..(rows * _layout.Outputs)], Bias.Gradient);
        if (inputGradient.IsEmpty) return;
        if (IsBinary)
        {
            _workspace.Signs.Multiply(outputGradient, _transposedSigns, _layout.Transposed, Weights.Bound, inputGradient, rows);
        }
        else
        {
            var inputShape = new GemmShape(rows, _layout.Inputs, _layout.Outputs);
            _workspace.Floats.Multiply(inputShape, outputGradient, Weights.EffectiveMemory, inputGradient);
        }
    }
}
