using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.UserLayers;

/// <summary>y = tanh(x); dL/dx = dL/dy · (1 − y²): its backward pass reads its output.</summary>
public sealed class Tanh : Layer
{
    public override string Kind => "example.com/tanh";

    public override BackwardReads BackwardReads => BackwardReads.Output;

    public override bool HasIndependentRows(PassMode mode) => true;

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    public override void Forward(in LayerPass pass) => TensorPrimitives.Tanh(pass.Input, pass.Output);

    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        ReadOnlySpan<float> y = pass.Output, g = pass.OutputGradient;
        Span<float> d = pass.InputGradient;
        for (int i = 0; i < d.Length; i++) d[i] = g[i] * (1 - y[i] * y[i]);
    }
}
