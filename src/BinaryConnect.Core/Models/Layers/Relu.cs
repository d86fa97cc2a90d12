using System.Numerics.Tensors;
using BinaryConnect.Kernels;

namespace BinaryConnect.Models.Layers;

/// <summary>y = max(0, x); dL/dx = dL/dy where y &gt; 0, else 0.</summary>
public sealed class Relu : ILayer
{
    private readonly int _units;

    internal Relu(int units) => _units = units;

    string ILayer.Kind => "rectifier";

    int ILayer.Inputs => _units;

    int ILayer.Outputs => _units;

    bool ILayer.WorksInPlace => true;

    void ILayer.Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows)
    {
        int length = rows * _units;
        TensorPrimitives.Max(inputs.Span[..length], 0f, outputs.Span[..length]);
    }

    void ILayer.Backward(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows)
    {
        int length = rows * _units;
        Rectifier.Gate(outputGradient.Span[..length], outputs.Span[..length], inputGradient.Span[..length]);
    }
}
