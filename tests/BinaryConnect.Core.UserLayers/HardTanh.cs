using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.UserLayers;

/// <summary>y = clamp(x, −1, 1); dL/dx = dL/dy where |x| &lt; 1, else 0. A layer without parameters.</summary>
public sealed class HardTanh : Layer
{
    public override string Kind => "example.com/hard_tanh";

    public override BackwardReads BackwardReads => BackwardReads.Input;

    public override bool HasIndependentRows(PassMode mode) => true;

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    public override void Forward(in LayerPass pass) => TensorPrimitives.Clamp(pass.Input, -1f, 1f, pass.Output);

    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        ReadOnlySpan<float> x = pass.Input, g = pass.OutputGradient;
        Span<float> d = pass.InputGradient;
        for (int i = 0; i < d.Length; i++) d[i] = Math.Abs(x[i]) < 1 ? g[i] : 0;
    }
}
