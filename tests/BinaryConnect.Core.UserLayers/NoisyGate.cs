using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Models.Layers;
using BinaryConnect.Settings;

namespace BinaryConnect.UserLayers;

/// <summary>
/// In training y = x·(1 + a·(2u − 1)) with u uniform in [0, 1) for each value; otherwise y = x. A layer that draws
/// numbers.
/// </summary>
public sealed class NoisyGate(float amplitude) : Layer
{
    private RandomDraws _random = null!;
    private RowMemory _factors = null!;

    public override string Kind => "example.com/noisy_gate";

    public override BackwardReads BackwardReads => BackwardReads.None;

    public override InPlace InPlace => InPlace.Forward | InPlace.Backward;

    public override bool HasIndependentRows(PassMode mode) => mode != PassMode.Training;

    public override void Describe(SettingsWriter to) => to.Write("amplitude", amplitude);

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder)
    {
        _random = builder.AddRandom();
        _factors = builder.AddRowMemory(input.Length);
        return input;
    }

    public override void Forward(in LayerPass pass)
    {
        if (pass.Mode != PassMode.Training)
        {
            pass.Input.CopyTo(pass.Output);
            return;
        }

        Span<float> factors = pass.Of(_factors);
        _random.Uniform(factors);
        TensorPrimitives.Multiply(factors, 2 * amplitude, factors);
        TensorPrimitives.Add(factors, 1 - amplitude, factors);
        TensorPrimitives.Multiply(pass.Input, factors, pass.Output);
    }

    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) TensorPrimitives.Multiply(pass.OutputGradient, pass.Of(_factors), pass.InputGradient);
    }
}
