namespace BinaryConnect.Inference.Export;

/// <summary>
/// Integers whose order is that of the scores of a last layer, sum · factor + offset for each class. Factors that are
/// all the same and positive become a shift of S = (sum + total) / 2.
/// </summary>
/// <param name="Shift">The bits that S is shifted by, for scores of 32 bits; with factors nothing.</param>
/// <param name="Factors">The factor of each class; empty for equal ones.</param>
/// <param name="Offsets">The offset of each class.</param>
/// <param name="IsWide">Whether scores have 64 bits, and are not scaled by 2⁻¹⁵.</param>
internal sealed record CScores(int Shift, long[] Factors, long[] Offsets, bool IsWide)
{
    private const int FactorBits = 30, WideOffsetBits = 60;

    /// <summary>Finds the integers, in double precision.</summary>
    public static CScores Of(CLayer layer)
    {
        double[] scale = Wide(layer.Scale), offset = Wide(layer.Offset);
        if (scale[0] > 0 && scale.All(value => value == scale[0]))
        {
            double[] halves = Array.ConvertAll(offset, value => value / scale[0] / 2);
            int shift = FactorBits - Math.ILogB(layer.GreatestSum + halves.Max(Math.Abs) + 1);
            if (shift >= 0) return new CScores(shift, [], Rounded(halves, shift), IsWide: false);
        }

        bool isNarrow = layer.GreatestSum <= NarrowRounding.MostSum;
        double greatest = scale.Max(Math.Abs), mostOffset = offset.Max(Math.Abs);

        // Scaled sums and offsets have 30 bits each, so that a score has 31 and a sign.
        double mostOfNarrow = Math.Max(layer.GreatestSum * greatest, mostOffset);
        int bits = isNarrow
            ? Math.Min(BitsFor(greatest, FactorBits), BitsFor(mostOfNarrow, FactorBits + NarrowRounding.Split))
            : Math.Min(BitsFor(greatest, FactorBits), BitsFor(mostOffset, WideOffsetBits));
        return new CScores(
            0, Rounded(scale, bits), Rounded(offset, isNarrow ? bits - NarrowRounding.Split : bits), !isNarrow);
    }

    // So many bits after the point that a value has as many bits in all.
    private static int BitsFor(double value, int bits) => value == 0 ? bits : bits - 1 - Math.ILogB(value);

    private static double[] Wide(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }

    private static long[] Rounded(double[] values, int bits) =>
        Array.ConvertAll(values, value => (long)Math.Round(Math.ScaleB(value, bits)));
}
