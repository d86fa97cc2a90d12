namespace BinaryConnect.Inference.Export;

/// <summary>
/// Integers whose order is that of the scores of a last layer, sum · factor + offset for each class. Factors that are
/// all the same and positive become a shift of sums without their signs, S = (sum + total) / 2.
/// </summary>
internal sealed class CScores
{
    private const int FactorBits = 30, MostOffsetBits = 60;

    private CScores(int shift, long[] factors, long[] offsets)
    {
        Shift = shift;
        Factors = factors;
        Offsets = offsets;
    }

    /// <summary>The bits that S is shifted by, for scores of 32 bits; with factors nothing.</summary>
    public int Shift { get; }

    /// <summary>The factor of each class, for scores of 64 bits; empty for equal ones.</summary>
    public long[] Factors { get; }

    /// <summary>The offset of each class.</summary>
    public long[] Offsets { get; }

    /// <summary>Finds the integers, in double precision.</summary>
    public static CScores Of(CLayer layer)
    {
        double[] scale = Wide(layer.Scale), offset = Wide(layer.Offset);
        double greatest = Math.Max(scale.Max(), -scale.Min());
        if (scale[0] > 0 && scale.All(value => value == scale[0]))
        {
            double[] halves = Array.ConvertAll(offset, value => value / scale[0] / 2);
            double most = layer.GreatestSum + halves.Max(Math.Abs) + 1;
            int shift = FactorBits - Math.ILogB(most);
            if (shift >= 0) return new CScores(shift, [], Rounded(halves, shift));
        }

        double mostOffset = offset.Max(Math.Abs);
        int bits = Math.Min(
            greatest == 0 ? MostOffsetBits : FactorBits - 1 - Math.ILogB(greatest),
            mostOffset == 0 ? MostOffsetBits : MostOffsetBits - Math.ILogB(mostOffset));
        return new CScores(0, Rounded(scale, bits), Rounded(offset, bits));
    }

    private static double[] Wide(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }

    private static long[] Rounded(double[] values, int bits) =>
        Array.ConvertAll(values, value => (long)Math.Round(Math.ScaleB(value, bits)));
}
