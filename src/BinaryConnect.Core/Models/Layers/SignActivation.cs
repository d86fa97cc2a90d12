using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models.Operations;
using BinaryConnect.Settings;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Binary activations: y = sign(x), where sign(0) = +1. The gradient passes straight through near 0: dL/dx = dL/dy
/// where |x| ≤ r, else 0 (BinaryNet, arXiv 1602.02830, section 1.3).
/// </summary>
public sealed class SignActivation : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="passes">r, the greatest |x| whose gradient passes, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="passes"/> is not positive and finite.</exception>
    public SignActivation(float passes = 1)
    {
        Guard.Positive(passes, nameof(passes));
        Passes = passes;
    }

    /// <summary>r, the greatest |x| whose gradient passes.</summary>
    public float Passes { get; }

    /// <summary>"sign".</summary>
    public override string Kind => "sign";

    /// <summary>The input.</summary>
    public override BackwardReads BackwardReads => BackwardReads.Input;

    /// <summary>Backward.</summary>
    public override InPlace InPlace => InPlace.Backward;

    /// <inheritdoc/>
    public override void Describe(SettingsWriter to) => to.Write("passes", Passes);

    /// <inheritdoc/>
    public override bool HasIndependentRows(PassMode mode) => true;

    /// <summary>True.</summary>
    /// <inheritdoc/>
    public override bool HasSignOutputs(PassMode mode, bool hasSignInputs) => true;

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => Signs.Binarize(pass.Input, 1, pass.Output);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) SignGradient.Gate(pass.OutputGradient, pass.Input, Passes, pass.InputGradient);
    }

    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ops.Add(new SignStep());
        return true;
    }
}
