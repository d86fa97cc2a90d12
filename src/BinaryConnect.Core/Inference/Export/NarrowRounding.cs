using System.Numerics;
using BinaryConnect.Kernels.Elementwise;

namespace BinaryConnect.Inference.Export;

/// <summary>
/// The bytes of a <see cref="FixedPointRounding"/> by integers of 32 bits, as small machines multiply 64 bits slowly:
/// clamp((z · factor + offset) ≫ shift, low, high) is the same byte for each sum z that inputs can give.
/// </summary>
/// <param name="Shift">The bits that every value is shifted by.</param>
/// <param name="Factors">The factor of each sum, of 16 bits with its sign.</param>
/// <param name="Offsets">The offset of each sum, of 32 bits with its sign.</param>
internal sealed record NarrowRounding(int Shift, long[] Factors, long[] Offsets)
{
    // With their signs, products of sums of 17 bits and factors of 15 bits have 31 bits.
    private const long MostSum = (1 << 16) - 1;
    private const int FactorBits = 15, Tries = 16;

    /// <summary>Finds the integers; null if there are none.</summary>
    /// <param name="exact">The rounding.</param>
    /// <param name="units">The number of sums.</param>
    /// <param name="greatestSum">The greatest sum, without its sign.</param>
    public static NarrowRounding? Of(FixedPointRounding exact, int units, long greatestSum)
    {
        if (greatestSum > MostSum) return null;
        long greatest = 1;
        for (int j = 0; j < units; j++) greatest = Math.Max(greatest, Math.Abs((long)exact.At(j).Factor));
        int less = Math.Max(BitOperations.Log2((ulong)greatest) + 2 - FactorBits, 0);
        if (less > exact.Shift) return null;
        var found = new NarrowRounding(exact.Shift - less, new long[units], new long[units]);
        for (int j = 0; j < units; j++)
        {
            if (!found.TryFit(exact, j, less, greatestSum)) return null;
        }

        return found;
    }

    // The nearest factors first.
    private bool TryFit(FixedPointRounding exact, int unit, int less, long greatestSum)
    {
        (int factor, long offset) = exact.At(unit);
        long nearest = (long)Math.Round(Math.ScaleB(factor, -less));
        for (int i = 0; i < Tries; i++)
        {
            long candidate = nearest + (i % 2 == 0 ? i / 2 : -(i + 1) / 2);
            if (Math.Abs(candidate) > short.MaxValue) continue;
            if (OffsetFor(exact, factor, offset, candidate, greatestSum) is not long found) continue;
            (Factors[unit], Offsets[unit]) = (candidate, found);
            return true;
        }

        return false;
    }

    // An offset for which all bytes are right; each sum gives it a least and a greatest value.
    private long? OffsetFor(FixedPointRounding exact, long factor, long offset, long candidate, long greatestSum)
    {
        long room = int.MaxValue - Math.Abs(candidate) * greatestSum, least = -room, most = room;
        for (long z = -greatestSum; z <= greatestSum && least <= most; z++)
        {
            long value = Math.Clamp((z * factor + offset) >> exact.Shift, exact.Low, exact.High), product = z * candidate;
            if (value > exact.Low) least = Math.Max(least, (value << Shift) - product);
            if (value < exact.High) most = Math.Min(most, (value + 1 << Shift) - 1 - product);
        }

        return least <= most ? least + (most - least) / 2 : null;
    }
}
