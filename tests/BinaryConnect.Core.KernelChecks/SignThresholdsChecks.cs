using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Signs of scaled sums, at every length from 0 to 256, and at sums next to each threshold.</summary>
internal static class SignThresholdsChecks
{
    private const int Most = 256;
    private static readonly GuardedMemory<int> Sums = new(Most);
    private static readonly GuardedMemory<byte> Bits = new(Most / 8);

    public static void Run(Report report)
    {
        foreach (Side side in Enum.GetValues<Side>())
            report.Count($"SignThresholds.Apply, {side}", EveryLength(side));
    }

    private static string? EveryLength(Side side)
    {
        string? fault = null;
        for (int length = 0; length <= Most; length++)
        {
            fault ??= Check(length, float.NegativeInfinity, float.PositiveInfinity, side)
                ?? Check(length, -3, 4, side)
                ?? Check(length, 0, 4, side)
                ?? Check(length, -3, -1, side);
        }

        return fault;
    }

    // Sums whose value is nearest to 0, and those around it; factors of both signs, and 0.
    private static string? Check(int length, float low, float high, Side side)
    {
        float[] random = KernelInputs.Whole(2 * Most, seed: length);
        double[] scale = new double[length], offset = new double[length];
        int[] sums = new int[length];
        for (int j = 0; j < length; j++)
        {
            scale[j] = j % 9 == 0 ? 0 : random[j] / 8f;
            offset[j] = j % 5 == 0 ? 0 : random[Most + j] * 3.25f;
            sums[j] = (scale[j] == 0 ? 0 : (int)Math.Round(-offset[j] / scale[j])) + j % 3 - 1;
        }

        var thresholds = new SignThresholds(scale, offset, low, high);
        Span<byte> bits = Bits.Take((length + 7) / 8, side);
        bits.Fill(byte.MaxValue);
        thresholds.Apply(Sums.Take(sums, side), bits);
        for (int j = 0; j < length; j++)
        {
            bool expected = Math.Clamp(sums[j] * scale[j] + offset[j], low, high) >= 0;
            if ((bits[j / 8] >> j % 8 & 1) != 0 != expected)
                return $"length {length}, at {j}: {!expected} for {sums[j]} * {scale[j]} + {offset[j]}";
        }

        return length % 8 == 0 || bits[^1] >> length % 8 == 0 ? null : $"length {length}: bits after the last";
    }
}
