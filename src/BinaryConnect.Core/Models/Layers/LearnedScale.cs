using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Models.Operations;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// y = s·x with one learned scale s = exp(ρ), which stays positive. dL/dx = s·dL/dy, dL/dρ = Σ y·dL/dy.
/// </summary>
public sealed class LearnedScale : Layer
{
    private readonly float _initial;
    private Parameter? _logScale;

    /// <summary>Makes the layer.</summary>
    /// <param name="initial">s at the start, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initial"/> is out of range.</exception>
    public LearnedScale(float initial = 1)
    {
        Guard.Positive(initial, nameof(initial));
        _initial = initial;
    }

    /// <summary>"learned_scale".</summary>
    public override string Kind => "learned_scale";

    /// <summary>The output.</summary>
    public override BackwardReads BackwardReads => BackwardReads.Output;

    /// <summary>Both directions.</summary>
    public override InPlace InPlace => InPlace.Forward | InPlace.Backward;

    /// <summary>True.</summary>
    public override bool HasStatelessInference => true;

    /// <summary>ρ = ln s, [1]; null before the layer belongs to a network.</summary>
    public Parameter? LogScale => _logScale;

    /// <summary>s = exp(ρ).</summary>
    public float Scale => _logScale is null ? _initial : MathF.Exp(_logScale.Latent[0]);

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder)
    {
        _logScale = builder.AddLogScale(_initial);
        return input;
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => TensorPrimitives.Multiply(pass.Input, Scale, pass.Output);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        _logScale!.Gradient[0] = TensorPrimitives.Dot(pass.OutputGradient, pass.Output);
        if (!pass.InputGradient.IsEmpty) TensorPrimitives.Multiply(pass.OutputGradient, Scale, pass.InputGradient);
    }

    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ops.Add(new ChannelAffine(new[] { (double)Scale }, new double[1]));
        return true;
    }
}
