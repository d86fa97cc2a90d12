using System.Numerics.Tensors;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// In training y = x·d, d being 0 with probability <see cref="Rate"/> and 1/(1 − rate) else, drawn afresh for every value of
/// every batch; at test time y = x.
/// </summary>
public sealed class Dropout : ILayer
{
    private readonly int _units;
    private readonly ulong _seed;
    private float[] _mask = [];
    private long _draws;

    internal Dropout(int units, float rate, ulong seed)
    {
        _units = units;
        _seed = seed;
        Rate = rate;
    }

    /// <summary>The probability that a value is dropped, at least 0 and below 1.</summary>
    public float Rate { get; }

    /// <summary>How many batches have drawn; set it to go on where an earlier run stopped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above 2⁵³.</exception>
    public long Draws
    {
        get => _draws;
        set
        {
            Guard.Count(value, nameof(Draws));
            _draws = value;
        }
    }

    string ILayer.Kind => "dropout";

    int ILayer.Inputs => _units;

    int ILayer.Outputs => _units;

    bool ILayer.WorksInPlace => true;

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        int length = rows * _units;
        if (_mask.Length < length) _mask = new float[length];
        Span<float> mask = _mask.AsSpan(0, length);
        Philox4x32.Uniform(0, RandomStream.Dropout | (ulong)_draws++, _seed, mask);
        DropoutMask.Make(mask, Rate, 1 / (1 - Rate));
        TensorPrimitives.Multiply(inputs.Span[..length], mask, outputs.Span[..length]);
    }

    void ILayer.Infer(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        int length = rows * _units;
        if (!inputs.Equals(outputs)) inputs.Span[..length].CopyTo(outputs.Span);
    }

    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        int length = rows * _units;
        TensorPrimitives.Multiply(outputGradient.Span[..length], _mask.AsSpan(0, length), inputGradient.Span[..length]);
    }
}
