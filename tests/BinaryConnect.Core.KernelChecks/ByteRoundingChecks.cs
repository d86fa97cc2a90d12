using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Rounding to bytes, of sums and of floats, at every length from 0 to 256.</summary>
internal static class ByteRoundingChecks
{
    private const int Most = 256;
    private static readonly GuardedMemory<int> Sums = new(Most);
    private static readonly GuardedMemory<float> Floats = new(Most);
    private static readonly GuardedMemory<byte> Bytes = new(Most);

    public static void Run(Report report)
    {
        foreach (Side side in Enum.GetValues<Side>())
        {
            report.Count($"FixedPointRounding.Round, {side}", EveryLength(side, OfSums));
            report.Count($"FloatToByte.Round, {side}", EveryLength(side, OfFloats));
        }
    }

    private static string? EveryLength(Side side, Func<int, Side, string?> check)
    {
        string? fault = null;
        for (int length = 0; length <= Most; length++) fault ??= check(length, side);
        return fault;
    }

    // The greatest sums, and scales of both signs, beside common ones.
    private static string? OfSums(int length, Side side)
    {
        float[] random = KernelInputs.Whole(3 * Most, seed: length);
        double[] scale = new double[length], offset = new double[length];
        int[] sums = new int[length];
        for (int j = 0; j < length; j++)
        {
            scale[j] = j % 5 == 0 ? 0 : random[j] * 1e-3;
            offset[j] = j % 7 == 0 ? 1e30 * random[Most + j] : random[Most + j] * 10;
            sums[j] = j % 11 == 0 ? int.MinValue + j : (int)(random[2 * Most + j] * 1e3);
        }

        var rounding = new FixedPointRounding(scale, offset, 3, 250);
        Span<byte> bytes = Bytes.Take(length, side);
        byte[] expected = new byte[length];
        rounding.Round(Sums.Take(sums, side), bytes);
        rounding.RoundScalar(sums, expected);
        string? fault = Compare.Equal<byte>(bytes, expected, $"length {length}");
        for (int j = 0; j < length; j++)
        {
            double exact = Math.Clamp(sums[j] * scale[j] + offset[j], 3, 250);
            if (Math.Abs(bytes[j] - exact) > 0.5 + 1e-3 && Math.Abs(sums[j]) < 1 << 24)
                fault ??= $"length {length}, at {j}: {bytes[j]} for {exact}";
        }

        return fault;
    }

    private static string? OfFloats(int length, Side side)
    {
        float[] values = KernelInputs.Whole(length, seed: length);
        if (length > 4) (values[0], values[1], values[2]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        const float Factor = 0.25f, Shift = -3;
        Span<byte> bytes = Bytes.Take(length, side);
        FloatToByte.Round(Floats.Take(values, side), Factor, Shift, bytes);
        for (int i = 0; i < length; i++)
        {
            double expected = Math.Floor(((double)values[i] - Shift) * Factor + 0.5);
            byte rounded = double.IsNaN(expected) ? (byte)0 : (byte)Math.Clamp(expected, 0, 255);
            if (bytes[i] != rounded) return $"length {length}, at {i}: {bytes[i]} for {rounded}";
        }

        return null;
    }
}
