using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models.Operations;
using BinaryConnect.Settings;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// In training y = x·d, d being 0 with probability <see cref="Rate"/> and 1/(1 − rate) else, drawn anew for every value
/// of every batch; otherwise y = x.
/// </summary>
public sealed class Dropout : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="rate">The probability that a value is dropped, at least 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is out of range.</exception>
    public Dropout(float rate)
    {
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), $"'rate' is {rate}; it must be at least 0 and below 1.");
        Rate = rate;
    }

    /// <summary>The probability that a value is dropped.</summary>
    public float Rate { get; }

    /// <summary>How many batches have drawn; 0 before the layer belongs to a network.</summary>
    public long Draws => Random?.Count ?? 0;

    internal RandomDraws? Random { get; private set; }

    internal RowMemory? Mask { get; private set; }

    /// <summary>"dropout".</summary>
    public override string Kind => "dropout";

    /// <summary>None: the mask is kept.</summary>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <summary>Both directions. A value that is dropped has an input gradient of 0.</summary>
    public override InPlace InPlace => InPlace.Forward | InPlace.Backward | InPlace.KeepsSigns;

    /// <inheritdoc/>
    public override bool HasIndependentRows(PassMode mode) => mode != PassMode.Training;

    /// <summary>As the inputs, but never in training.</summary>
    /// <inheritdoc/>
    public override bool HasSignOutputs(PassMode mode, bool hasSignInputs) => hasSignInputs && mode != PassMode.Training;

    /// <inheritdoc/>
    public override void Describe(SettingsWriter to) => to.Write("rate", Rate);

    /// <inheritdoc/>
    public override FeatureShape Build(FeatureShape input, LayerBuilder builder)
    {
        Random = builder.AddRandom();
        Mask = builder.AddRowMemory(input.Length);
        return input;
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        if (pass.Mode != PassMode.Training)
        {
            pass.Input.CopyTo(pass.Output);
            return;
        }

        Span<float> mask = pass.Of(Mask!);
        Random!.Uniform(mask);
        DropoutMask.Make(mask, Rate, 1 / (1 - Rate));
        TensorPrimitives.Multiply(pass.Input, mask, pass.Output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) TensorPrimitives.Multiply(pass.OutputGradient, pass.Of(Mask!), pass.InputGradient);
    }

    /// <summary>Adds nothing: at test time y = x.</summary>
    /// <inheritdoc/>
    public override bool TryExport(InferenceOps ops) => true;
}
