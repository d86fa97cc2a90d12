using BinaryConnect.Data;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.UserLayers;

/// <summary>y = x, in memory of its own: the layers on both sides share none.</summary>
public sealed class OwnMemory : Layer
{
    public override string Kind => "example.com/own_memory";

    public override BackwardReads BackwardReads => BackwardReads.Input | BackwardReads.Output;

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => input;

    public override void Forward(in LayerPass pass) => pass.Input.CopyTo(pass.Output);

    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) pass.OutputGradient.CopyTo(pass.InputGradient);
    }
}
