using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Operations;
using BinaryConnect.Models.Products;
using BinaryConnect.Settings;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// z = s·(x·w_bᵀ) + b with latent weights w [m, f], for f inputs and m outputs, that are binarized for forward and
/// backward (paper, algorithm 1). Bias b and scale s are optional.
/// </summary>
/// <remarks>
/// A first layer of at most 16 outputs computes on bytes or floats as they come: bytes by ±H in exact integers. Other
/// layers compute on packed signs where all effective weights are ±H, else on floats. After a layer with
/// <see cref="Layer.HasSignOutputs"/> the inputs are packed, too: ±1 by ±H is exact.
/// </remarks>
public sealed class BinaryDense : Layer
{
    private const int MostNarrowOutputs = 16;

    private readonly int _outputs;
    private int _inputs;
    private Parameter? _weights;

    // The products of a layer of many outputs; null where outputs are few.
    private PackedWeights? _packed;

    // Which object of a work space has the products of few outputs; negative where outputs are many.
    private int _narrow = -1;

    // Which object has the products of inputs of ±1; negative where inputs are others.
    private int _signInputs = -1;

    /// <summary>Makes the layer.</summary>
    /// <param name="outputs">m, at least 1; at most 67,108,864, and at most 1,073,741,824 weights.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputs"/> is below 1.</exception>
    public BinaryDense(int outputs)
    {
        Guard.AtLeast(outputs, 1, nameof(outputs));
        _outputs = outputs;
    }

    /// <summary>
    /// H, the magnitude of a binarized weight and the bound of the latent ones: positive and finite; 1 unless set.
    /// </summary>
    public float Bound { get; init; } = 1;

    /// <summary>
    /// Latent weights start uniform in [−r, r) with this r, positive and at most <see cref="Bound"/>; null takes
    /// √(6/(f + m)) of Glorot and Bengio, or the bound where that is less.
    /// </summary>
    public float? InitialRange { get; init; }

    /// <summary>Whether there is a bias; false unless set, since batch normalization has its own offset.</summary>
    public bool HasBias { get; init; }

    /// <summary>Whether the bias is binarized as weights are.</summary>
    public bool BinarizesBias { get; init; }

    /// <summary>s at the start, positive and finite, to be learned as exp(ρ); null for no scale.</summary>
    public float? InitialScale { get; init; }

    /// <summary>The binarizer of this layer; null takes that of the run's options.</summary>
    public IBinarizer? Binarizer { get; init; }

    /// <summary>w, [m, f].</summary>
    /// <exception cref="InvalidOperationException">The layer belongs to no network yet.</exception>
    public Parameter Weights => Guard.Built(_weights, Kind);

    /// <summary>b, [m]; null for a layer without, or before the layer belongs to a network.</summary>
    public Parameter? Bias { get; private set; }

    /// <summary>ρ = ln s, [1]; null for a layer without a scale, or before it belongs to a network.</summary>
    public Parameter? LogScale { get; private set; }

    /// <summary>s = exp(ρ); 1 for a layer without a scale.</summary>
    public float Scale => LogScale is null ? 1 : MathF.Exp(LogScale.Latent[0]);

    /// <summary>"binary_dense".</summary>
    public override string Kind => "binary_dense";

    /// <summary>The input.</summary>
    public override BackwardReads BackwardReads => BackwardReads.Input;

    /// <summary>True.</summary>
    public override bool HasStatelessInference => true;

    /// <summary>True for a first layer of few outputs.</summary>
    public override bool AcceptsBytes => IsNarrow;

    /// <summary>f · m.</summary>
    public override long MultiplyAdds => Weights.Length;

    /// <summary>Whether the products are those of few outputs, for any number of outputs.</summary>
    internal bool IsNarrow { get; set; }

    /// <summary>Whether all effective weights are ±H, and their packed signs are used.</summary>
    internal bool IsBinary => _packed?.IsBinary ?? false;

    /// <inheritdoc/>
    public override void Describe(SettingsWriter to)
    {
        to.Write("outputs", _outputs);
        to.Write("bound", Bound);
        to.Write("bias", HasBias);
        to.Write("binarizes_bias", BinarizesBias);
        to.Write("scale", InitialScale is not null);
        if (Binarizer is not null) to.WriteObject("binarizer", Binarizer);
    }

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder)
    {
        _inputs = input.Length;
        IsNarrow = builder.IsFirstTrained && (IsNarrow || _outputs <= MostNarrowOutputs);
        if (!IsNarrow) PackedWeights.Prepare(_inputs, _outputs, builder);
        if (builder.HasSignInputs) SignInputs.Prepare(_inputs, _outputs, builder);
        _weights = builder.AddWeights("weights", [_outputs, _inputs], _inputs, _outputs, Bound, InitialRange, Binarizer);
        if (HasBias) Bias = builder.AddVector("bias", _outputs, initial: 0, BinarizesBias, Binarizer);
        if (InitialScale is float scale)
        {
            Guard.Positive(scale, nameof(InitialScale));
            LogScale = builder.AddLogScale(scale);
        }

        if (!IsNarrow)
        {
            var packed = _packed = new PackedWeights(_weights, builder.HasSignInputs);
            if (builder.HasSignInputs) _signInputs = builder.AddObject(threads => new SignInputs(threads, packed));
            return new FeatureShape(_outputs);
        }

        _narrow = builder.AddObject(threads => new NarrowDense(threads, CpuTuning.SkipsZeros));
        builder.NeedScratch(_outputs);
        return new FeatureShape(_outputs);
    }

    /// <inheritdoc/>
    public override void Binarize(in BinarizePass pass)
    {
        if (_packed is null)
        {
            pass.All();
            return;
        }

        _packed.Binarize(pass);
        if (Bias is { IsBinarized: true }) pass.BinarizerOf(Bias).Binarize(Bias.Latent, Bias.Effective, Bias.Bound);
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        float scale = Scale;
        if (pass.HasBytes)
        {
            ForwardBytes(pass, scale);
            return;
        }

        if (_packed is null) ProductsOf(pass).Forward(pass.Input, Weights.Effective, pass.Output, _inputs);
        else if (pass.HasSignInputs) SignsOf(pass).Forward(pass);
        else _packed.Multiply(pass.InputMemory, pass.OutputMemory, pass.Rows, pass.Workspace);
        if (Bias is not null) ShortRows.ScaleAndAdd(pass.Output, scale, Bias.Effective);
        else if (LogScale is not null) TensorPrimitives.Multiply(pass.Output, scale, pass.Output);
    }

    // dL/dw = s·gᵀ·x, dL/db = Σ g, dL/dx = s·g·w, dL/dρ = ⟨w, dL/dw⟩.
    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        Span<float> gradient = Weights.Gradient;
        if (Bias is not null) ShortRows.Sum(pass.OutputGradient, Bias.Gradient);
        if (pass.HasBytes) BackwardBytes(pass);
        else if (_packed is null) ProductsOf(pass).WeightGradient(pass.OutputGradient, pass.Input, gradient, _inputs);
        else if (pass.HasSignInputs) SignsOf(pass).WeightGradient(pass);
        else _packed.WeightGradient(pass.OutputGradientMemory, pass.InputMemory, pass.Rows, pass.Workspace);
        if (!pass.InputGradient.IsEmpty)
            _packed!.MultiplyTransposed(pass.OutputGradientMemory, pass.InputGradientMemory, pass.Rows, pass.Workspace);
        if (LogScale is null) return;
        float scale = Scale;
        TensorPrimitives.Multiply(gradient, scale, gradient);
        if (!pass.InputGradient.IsEmpty) TensorPrimitives.Multiply(pass.InputGradient, scale, pass.InputGradient);
        LogScale.Gradient[0] = TensorPrimitives.Dot<float>(Weights.Effective, gradient);
    }

    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ops.AddLinear(Weights);
        if (Bias is null && LogScale is null) return true;
        double[] scale = new double[_outputs], offset = new double[_outputs];
        Array.Fill(scale, Scale);
        if (Bias is not null) Array.ConvertAll(ops.Effective(Bias), value => (double)value).CopyTo(offset, 0);
        ops.Add(new ChannelAffine(scale, offset));
        return true;
    }

    private NarrowDense ProductsOf(in LayerPass pass) => (NarrowDense)pass.Workspace.Object(_narrow);

    private SignInputs SignsOf(in LayerPass pass) => (SignInputs)pass.Workspace.Object(_signInputs);

    // x = Scale·B + Shift, so x·wᵀ = Scale·(B·wᵀ) + Shift·Σ_j w[k, j]: the product runs on bytes, in integers where w
    // is ±H.
    private void ForwardBytes(in LayerPass pass, float scale)
    {
        ReadOnlySpan<float> weights = Weights.Effective;
        Span<float> offsets = pass.Scratch[.._outputs];
        if (Bias is null) offsets.Clear();
        else Bias.Effective.CopyTo(offsets);
        for (int k = 0; pass.Shift != 0 && k < _outputs; k++)
            offsets[k] += scale * pass.Shift * TensorPrimitives.Sum(weights.Slice(k * _inputs, _inputs));
        float factor = ProductsOf(pass).Forward(pass.ByteRows, weights, Bound, pass.Output);
        ShortRows.ScaleAndAdd(pass.Output, scale * pass.Scale * factor, offsets);
    }

    // gᵀ·x = Scale·(gᵀ·B) + Shift·Σ_i g[i, k].
    private void BackwardBytes(in LayerPass pass)
    {
        ProductsOf(pass).WeightGradient(pass.OutputGradient, pass.ByteRows, Weights.Gradient, pass.Scale, pass.Ahead);
        if (pass.Shift == 0) return;
        Span<float> sums = pass.Scratch[.._outputs];
        ShortRows.Sum(pass.OutputGradient, sums);
        for (int k = 0; k < _outputs; k++)
        {
            Span<float> row = Weights.Gradient.Slice(k * _inputs, _inputs);
            TensorPrimitives.Add(row, pass.Shift * sums[k], row);
        }
    }
}
