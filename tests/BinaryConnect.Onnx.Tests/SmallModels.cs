using BinaryConnect.Data;
using BinaryConnect.Inference;

namespace BinaryConnect.Onnx.Tests;

/// <summary>Packed models of random weights.</summary>
internal static class SmallModels
{
    /// <summary>A layer of random signs, with a scale and an offset for each output.</summary>
    public static PackedLayer Signs(int inputs, int outputs, Random random, float low = float.NegativeInfinity) =>
        Layer(inputs, outputs, random) with { SignBits = Bits(inputs, outputs, random), Low = low };

    /// <summary>A layer of random real weights.</summary>
    public static PackedLayer Real(int inputs, int outputs, Random random) =>
        Layer(inputs, outputs, random) with { Weights = Values(inputs * outputs, random) };

    /// <summary>A layer without weights.</summary>
    public static PackedLayer Affine(int inputs, Random random) => Layer(inputs, inputs, random);

    /// <summary>A model whose bytes stand for byte / 100 − 1.</summary>
    public static PackedModel Of(params PackedLayer[] layers) => new(new FeatureShape(layers[0].Inputs), 0.01f, -1, layers);

    /// <summary>Values from −1 to 1.</summary>
    public static float[] Values(int length, Random random)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = random.NextSingle() * 2 - 1;
        return values;
    }

    private static PackedLayer Layer(int inputs, int outputs, Random random) => new(
        inputs,
        outputs,
        default,
        default,
        Values(outputs, random),
        Values(outputs, random),
        float.NegativeInfinity,
        float.PositiveInfinity);

    private static byte[] Bits(int inputs, int outputs, Random random)
    {
        int stride = (inputs + 7) / 8;
        byte[] bits = new byte[outputs * stride];
        random.NextBytes(bits);
        for (int i = stride - 1; inputs % 8 != 0 && i < bits.Length; i += stride) bits[i] &= (byte)((1 << inputs % 8) - 1);
        return bits;
    }
}
