using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Models.Operations;

namespace BinaryConnect.Inference;

/// <summary>Folds operations into as few packed layers as there can be.</summary>
/// <param name="inputs">Values of an input row.</param>
internal sealed class LayerFolder(int inputs)
{
    private readonly List<PackedLayer> _layers = [];
    private InferenceOp? _product;
    private int _inputs = inputs;
    private double[]? _scale, _offset;
    private float _low = float.NegativeInfinity, _high = float.PositiveInfinity;
    private bool _isSign;

    /// <summary>Values of a row after the operations so far.</summary>
    public int Width { get; private set; } = inputs;

    private bool IsEmpty => _product is null && _scale is null && !IsClamped && !_isSign;

    private bool IsClamped => !float.IsNegativeInfinity(_low) || !float.IsPositiveInfinity(_high);

    /// <summary>Adds an operation.</summary>
    /// <exception cref="ArgumentException">It does not fit the values before it.</exception>
    public void Add(InferenceOp op, string layer)
    {
        switch (op)
        {
            case SignLinear signs:
                Check(signs.SignBits.Length == (long)signs.Outputs * ((signs.Inputs + 7) / 8), layer,
                    "as many bytes of signs as its sizes ask for");
                AddProduct(op, signs.Inputs, signs.Outputs, layer);
                (_scale, _offset) = (new double[Width], new double[Width]);
                Array.Fill(_scale, signs.Scale);
                break;
            case RealLinear real:
                Check(real.Weights.Length == (long)real.Outputs * real.Inputs, layer, "as many weights as its sizes ask for");
                AddProduct(op, real.Inputs, real.Outputs, layer);
                break;
            case ChannelAffine affine:
                AddAffine(affine, layer);
                break;
            case RangeClamp clamp:
                if (_isSign) Flush();
                Check(clamp.Low <= clamp.High, layer, "a clamp whose low end is at most its high end");
                (_low, _high) = (Math.Clamp(_low, clamp.Low, clamp.High), Math.Clamp(_high, clamp.Low, clamp.High));
                break;
            case SignStep:
                _isSign = true;
                break;
            default:
                throw new ArgumentException(
                    $"{layer} exports a {op.GetType().Name}; a packed model must be made of those of this library.");
        }
    }

    /// <summary>Adds the standardization of features; null for none.</summary>
    /// <exception cref="ArgumentException">It does not fit the values before it.</exception>
    public void Add(Standardization? standardization)
    {
        if (standardization is not null)
            Add(new ChannelAffine(Wide(standardization.Scale), Wide(standardization.Shift)), "The standardization");
    }

    /// <summary>The layers.</summary>
    public PackedLayer[] Finish()
    {
        Flush();
        return [.. _layers];
    }

    private static double[] Wide(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        TensorPrimitives.ConvertTruncating(values, wide);
        return wide;
    }

    private static void Check(bool fits, string layer, string expected)
    {
        if (!fits) throw new ArgumentException($"{layer} exports an operation that does not fit; it must have {expected}.");
    }

    private void AddProduct(InferenceOp op, int inputs, int outputs, string layer)
    {
        Check(inputs == Width && outputs >= 1, layer, $"{Width:N0} inputs, and an output at least");
        Flush();
        (_product, _inputs, Width) = (op, inputs, outputs);
    }

    private void AddAffine(ChannelAffine affine, string layer)
    {
        int channels = affine.Scale.Length;
        Check(channels >= 1 && affine.Offset.Length == channels
            && Width % channels == 0, layer, "a scale and an offset for each value or channel");
        if (IsClamped || _isSign) Flush();
        if (_scale is null)
        {
            (_scale, _offset) = (new double[Width], new double[Width]);
            Array.Fill(_scale, 1);
        }

        for (int i = 0; i < Width; i++)
        {
            double scale = affine.Scale.Span[i % channels];
            _scale[i] *= scale;
            _offset![i] = scale * _offset[i] + affine.Offset.Span[i % channels];
        }
    }

    private void Flush()
    {
        if (IsEmpty) return;
        float[] scale = Array.ConvertAll(_scale ?? [.. Enumerable.Repeat(1.0, Width)], value => (float)value);
        float[] offset = Array.ConvertAll(_offset ?? new double[Width], value => (float)value);
        ReadOnlyMemory<byte> signs = (_product as SignLinear)?.SignBits ?? default;
        ReadOnlyMemory<float> weights = (_product as RealLinear)?.Weights ?? default;
        _layers.Add(new PackedLayer(_inputs, Width, signs, weights, scale, offset, _low, _high) { HasSignOutput = _isSign });
        (_product, _inputs, _scale, _offset) = (null, Width, null, null);
        (_low, _high, _isSign) = (float.NegativeInfinity, float.PositiveInfinity, false);
    }
}
