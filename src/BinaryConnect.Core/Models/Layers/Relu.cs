using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models.Operations;

namespace BinaryConnect.Models.Layers;

/// <summary>The rectifier y = max(0, x); dL/dx = dL/dy where y &gt; 0, else 0.</summary>
public sealed class Relu : Layer
{
    /// <summary>"relu".</summary>
    public override string Kind => "relu";

    /// <summary>Which outputs are above 0.</summary>
    public override BackwardReads BackwardReads => BackwardReads.OutputSigns;

    /// <summary>Both directions.</summary>
    public override InPlace InPlace => InPlace.Forward | InPlace.Backward | InPlace.KeepsSigns;

    /// <inheritdoc/>
    public override bool HasIndependentRows(PassMode mode) => true;

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => TensorPrimitives.Max(pass.Input, 0f, pass.Output);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) ReluGradient.Gate(pass.OutputGradient, pass.Output, pass.InputGradient);
    }

    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ops.Add(new RangeClamp(0, float.PositiveInfinity));
        return true;
    }
}
