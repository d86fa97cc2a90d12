using BinaryConnect.Data;
using BinaryConnect.Models.Operations;

namespace BinaryConnect.Models.Layers;

/// <summary>y = x.</summary>
public sealed class Identity : Layer
{
    /// <summary>"identity".</summary>
    public override string Kind => "identity";

    /// <summary>None.</summary>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <summary>All: outputs and gradients may stay where they are.</summary>
    public override InPlace InPlace => InPlace.Forward | InPlace.Backward | InPlace.KeepsSigns;

    /// <inheritdoc/>
    public override bool HasIndependentRows(PassMode mode) => true;

    /// <summary>As the inputs.</summary>
    /// <inheritdoc/>
    public override bool HasSignOutputs(PassMode mode, bool hasSignInputs) => hasSignInputs;

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => pass.Input.CopyTo(pass.Output);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    /// <summary>Adds nothing: at test time y = x.</summary>
    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops) => true;
}
