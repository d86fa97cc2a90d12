using BinaryConnect.Data;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.UserLayers;

/// <summary>
/// y = −1 where x &lt; 0, else +1; dL/dx = dL/dy where |x| ≤ 1, else 0. A layer before products of bits.
/// </summary>
/// <param name="declares">Whether it says that its outputs are signs.</param>
/// <param name="magnitude">The magnitude of its outputs; other than 1, it lies.</param>
public sealed class Threshold(bool declares, float magnitude = 1) : Layer
{
    public override string Kind => "example.com/threshold";

    public override BackwardReads BackwardReads => BackwardReads.Input;

    public override bool HasIndependentRows(PassMode mode) => true;

    public override bool HasSignOutputs(PassMode mode, bool hasSignInputs) => declares;

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    public override void Forward(in LayerPass pass)
    {
        ReadOnlySpan<float> x = pass.Input;
        Span<float> y = pass.Output;
        for (int i = 0; i < y.Length; i++) y[i] = x[i] < 0 ? -magnitude : magnitude;
    }

    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        ReadOnlySpan<float> x = pass.Input, g = pass.OutputGradient;
        Span<float> d = pass.InputGradient;
        for (int i = 0; i < d.Length; i++) d[i] = Math.Abs(x[i]) <= 1 ? g[i] : 0;
    }
}
