using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Tests.Support;

/// <summary>A model whose forward and backward passes a test gives; by itself it computes zeros.</summary>
internal sealed class StubModel(int features, int classes, params Parameter[] parameters) : IModel
{
    public int FeatureCount => features;

    public int ClassCount => classes;

    public IReadOnlyList<Parameter> Parameters => parameters;

    public IReadOnlyList<long> Draws
    {
        get => [];
        set { }
    }

    /// <summary>Fills the logits, [n · c].</summary>
    public Action<float[]> OnForward { get; init; } = _ => { };

    /// <summary>Fills the gradients of the parameters.</summary>
    public Action OnBackward { get; init; } = () => { };

    public void Forward(Batch batch, Span<float> logits)
    {
        float[] values = new float[logits.Length];
        OnForward(values);
        values.CopyTo(logits);
    }

    public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient) => OnBackward();
}
