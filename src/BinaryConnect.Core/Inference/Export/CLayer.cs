using BinaryConnect.Inference.Execution;

namespace BinaryConnect.Inference.Export;

/// <summary>A layer of C source: what it takes, how it sums, and what it gives, as the library computes it.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Packed">The packed layer.</param>
/// <param name="Kernel">The layer as the library runs it.</param>
/// <param name="Takes">Its inputs.</param>
/// <param name="IsLast">Whether its outputs are the scores.</param>
internal sealed record CLayer(int Index, PackedLayer Packed, LayerKernel Kernel, CValues Takes, bool IsLast)
{
    /// <summary>Inputs that have a table of sums.</summary>
    public const int GroupInputs = 4;

    /// <summary>Values of an input row.</summary>
    public int Inputs => Packed.Inputs;

    /// <summary>Values of an output row.</summary>
    public int Units => Packed.Outputs;

    /// <summary>Whether its sums are exact integers.</summary>
    public bool HasIntegerSums => Takes != CValues.Floats && Kernel.HasIntegerSums;

    /// <summary>Whether a byte of weights has four weights of two units: all signs but those of bits.</summary>
    public bool HasPairs => !Packed.SignBits.IsEmpty && Takes != CValues.Bits;

    /// <summary>Pairs of units, the last of which may be half empty.</summary>
    public int Pairs => (Units + 1) / 2;

    /// <summary>Its outputs.</summary>
    public CValues Gives =>
        IsLast ? CValues.Floats : Kernel.GivesBits ? CValues.Bits : Kernel.GivesBytes ? CValues.Bytes : CValues.Floats;

    /// <summary>The factor of each sum before clamps.</summary>
    public ReadOnlySpan<float> Scale => Takes == CValues.Floats ? Packed.Scale.Span : Kernel.SumScale;

    /// <summary>The addend of each sum before clamps.</summary>
    public ReadOnlySpan<float> Offset => Takes == CValues.Floats ? Packed.Offset.Span : Kernel.SumOffset;

    /// <summary>Whether its outputs are scores without limits, in the order of scaled integer sums.</summary>
    public bool HasPlainScores =>
        IsLast && HasIntegerSums && !Packed.HasSignOutput
        && float.IsNegativeInfinity(Packed.Low) && float.IsPositiveInfinity(Packed.High);

    /// <summary>The greatest sum of any input, without its sign.</summary>
    public long GreatestSum => (long)Inputs * (Takes == CValues.Bits ? 1 : byte.MaxValue);

    /// <summary>The layers of a model.</summary>
    public static CLayer[] Of(PackedModel model, CInput input)
    {
        var layers = new CLayer[model.Layers.Count];
        CValues values = input == CInput.Bytes ? CValues.Bytes : CValues.Floats;
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new CLayer(i, model.Layers[i], model.Kernels[i], values, i == layers.Length - 1);
            values = layers[i].Gives;
        }

        return layers;
    }

    /// <summary>
    /// The signs of the weights: rows of bits of the packed layer, or pairs of units: a byte for each four inputs and
    /// pair.
    /// </summary>
    /// <param name="isInverted">Whether the weights of a unit change their signs.</param>
    public byte[] WeightBits(Func<int, bool> isInverted)
    {
        int groups = (Inputs + GroupInputs - 1) / GroupInputs;
        byte[] bits = new byte[checked(HasPairs ? groups * Pairs : Units * Packed.BytesPerRow)];
        for (int unit = 0; unit < Units; unit++)
        {
            for (int input = 0; input < Inputs; input++)
            {
                int source = unit * Packed.BytesPerRow + input / 8;
                bool isPositive = (Packed.SignBits.Span[source] >> input % 8 & 1) != 0;
                if (isPositive == isInverted(unit)) continue;
                if (HasPairs)
                {
                    int target = input / GroupInputs * Pairs + unit / 2;
                    bits[target] |= (byte)(1 << input % GroupInputs + unit % 2 * GroupInputs);
                }
                else bits[source] |= (byte)(1 << input % 8);
            }
        }

        return bits;
    }
}
