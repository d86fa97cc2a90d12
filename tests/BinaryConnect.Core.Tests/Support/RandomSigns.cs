using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// The signs that a stochastic binarizer must give: sixteen bits of one stream, and 24 of another where those do not
/// decide.
/// </summary>
internal static class RandomSigns
{
    private const int Group = 256, Rounds = 7;

    /// <summary>The 16 bits of weight <paramref name="index"/>, in [−2¹⁵, 2¹⁵).</summary>
    public static int HalfWord(int index, ulong draw, ulong seed)
    {
        bool isLower = index % Group < Group / 2;
        uint word = Word(RandomStream.Binarization, index / Group * (Group / 2) + index % (Group / 2), draw, seed);
        return (short)(isLower ? word & 0xFFFF : word >> 16);
    }

    /// <summary>The bits after them, in [0, 1).</summary>
    public static double Fraction(int index, ulong draw, ulong seed) =>
        (Word(RandomStream.BinarizationTie, index, draw, seed) >> 8) / (double)(1 << 24);

    public static float[] Binarize(ReadOnlySpan<float> weights, float bound, ulong draw, ulong seed)
    {
        float[] expected = new float[weights.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            double threshold = 32_768.0 * (weights[i] / bound), half = HalfWord(i, draw, seed);
            bool isPositive = half + 1 <= threshold || (half < threshold && half + Fraction(i, draw, seed) < threshold);
            expected[i] = isPositive ? bound : -bound;
        }

        return expected;
    }

    private static uint Word(ulong purpose, int index, ulong draw, ulong seed)
    {
        (uint r0, uint r1, uint r2, uint r3) = Philox4x32.Block((ulong)index / 4, purpose | draw, seed, Rounds);
        return (index % 4) switch { 0 => r0, 1 => r1, 2 => r2, _ => r3 };
    }
}
