using BinaryConnect.Data;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models.Products;

namespace BinaryConnect.Inference;

/// <summary>Checks that packed layers fit together, and can be computed.</summary>
internal static class PackedLayerCheck
{
    /// <summary>Throws unless they do.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the layer.</exception>
    public static void Run(FeatureShape input, IReadOnlyList<PackedLayer> layers)
    {
        Check(layers.Count > 0, "A packed model", "at least 1 layer");
        Check(input.Length > 0, "A packed model", "an input of at least 1 value");
        int width = input.Length;
        for (int i = 0; i < layers.Count; i++)
        {
            Run(layers[i], width, $"Packed layer {i}");
            CheckBytes(layers[i], i);
            width = layers[i].Outputs;
        }
    }

    private static void Run(PackedLayer? layer, int width, string name)
    {
        if (layer is null) throw new ArgumentException($"{name} is null; it must be set.");
        Check(layer.Inputs == width, name, $"as many inputs as there are values before it, {width:N0}, and not "
            + $"{layer.Inputs:N0}");
        Check(layer.Outputs is >= 1 and <= PackedWeights.MostUnits, name, $"from 1 to {PackedWeights.MostUnits:N0} outputs, "
            + $"and not {layer.Outputs:N0}");
        Check(layer.Inputs <= PackedWeights.MostUnits, name, $"at most {PackedWeights.MostUnits:N0} inputs, and not "
            + $"{layer.Inputs:N0}");
        Check(
            (long)layer.Inputs * layer.Outputs <= PackedWeights.MostWeights || (layer.SignBits.IsEmpty && layer.Weights.IsEmpty),
            name,
            $"at most {PackedWeights.MostWeights:N0} weights");
        bool hasProduct = !layer.SignBits.IsEmpty || !layer.Weights.IsEmpty;
        Check(layer.SignBits.IsEmpty || layer.Weights.IsEmpty, name, "signs or real weights, and not both");
        Check(hasProduct || layer.Outputs == layer.Inputs, name, "as many outputs as inputs, where it has no weights");
        Check(layer.SignBits.IsEmpty
            || layer.SignBits.Length == (long)layer.Outputs * layer.BytesPerRow, name, "⌈f/8⌉ bytes of signs for each output");
        Check(layer.Weights.IsEmpty
            || layer.Weights.Length == (long)layer.Outputs * layer.Inputs, name, "f weights for each output");
        Check(layer.Scale.Length == layer.Outputs
            && layer.Offset.Length == layer.Outputs, name, "a scale and an offset for each output");
        Check(
            FiniteCheck.All(layer.Scale.Span) && FiniteCheck.All(layer.Offset.Span) && FiniteCheck.All(layer.Weights.Span),
            name,
            "finite weights, scales and offsets");
        Check(layer.Low <= layer.High, name, "a least output that is at most the greatest");
        Check(!HasTailBits(layer), name, "bits of 0 after the last input");
    }

    private static void CheckBytes(PackedLayer layer, int index)
    {
        if (layer.InputBytes is not { } bytes) return;
        string name = $"Packed layer {index}";
        Check(index > 0 && !layer.SignBits.IsEmpty, name, "signs and a layer before it, to round its inputs to bytes");
        Check(layer.Inputs <= ByteSignGemm.MostInputs, name, $"at most {ByteSignGemm.MostInputs:N0} inputs that are bytes");
        Check(
            bytes.Scale > 0 && float.IsFinite(bytes.Scale) && float.IsFinite(1 / bytes.Scale) && float.IsFinite(bytes.Shift),
            name,
            $"a finite scale of bytes above 0, and a finite shift, and not {bytes.Scale} and {bytes.Shift}");
    }

    private static bool HasTailBits(PackedLayer layer)
    {
        int rest = layer.Inputs % 8, stride = layer.BytesPerRow;
        if (rest == 0 || layer.SignBits.IsEmpty) return false;
        ReadOnlySpan<byte> signs = layer.SignBits.Span;
        for (int i = stride - 1; i < signs.Length; i += stride)
        {
            if (signs[i] >> rest != 0) return true;
        }

        return false;
    }

    private static void Check(bool holds, string name, string expected)
    {
        if (!holds) throw new ArgumentException($"{name} must have {expected}.");
    }
}
