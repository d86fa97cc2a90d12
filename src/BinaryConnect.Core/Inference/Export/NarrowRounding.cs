using BinaryConnect.Kernels.Elementwise;

namespace BinaryConnect.Inference.Export;

/// <summary>
/// The bytes of a <see cref="FixedPointRounding"/> by integers of 32 bits, as small machines multiply 64 bits slowly:
/// clamp((Scaled(z, factor) + offset) ≫ shift, low, high) is the same byte for each sum z that inputs can give.
/// </summary>
/// <param name="Shift">The bits that every value is shifted by.</param>
/// <param name="Factors">The factor of each sum, that of the rounding.</param>
/// <param name="Offsets">The offset of each sum, of 32 bits with its sign.</param>
internal sealed record NarrowRounding(int Shift, long[] Factors, long[] Offsets)
{
    /// <summary>The greatest sum, without its sign, whose products with half a factor have 32 bits.</summary>
    public const long MostSum = (1 << 16) - 1;

    /// <summary>The bits of the lower half of a factor.</summary>
    public const int Split = 15;

    /// <summary>z · factor / 2¹⁵, rounded down, as two products of 32 bits.</summary>
    public static long Scaled(long z, long factor) =>
        z * (factor >> Split) + (z * (factor & (1 << Split) - 1) >> Split);

    /// <summary>Finds the integers; null if there are none.</summary>
    /// <param name="exact">The rounding.</param>
    /// <param name="units">The number of sums.</param>
    /// <param name="greatestSum">The greatest sum, without its sign.</param>
    public static NarrowRounding? Of(FixedPointRounding exact, int units, long greatestSum)
    {
        if (greatestSum > MostSum || exact.Shift < Split) return null;
        var found = new NarrowRounding(exact.Shift - Split, new long[units], new long[units]);
        for (int j = 0; j < units; j++)
        {
            (long factor, long offset) = exact.At(j);
            if (found.OffsetFor(exact, factor, offset, greatestSum) is not long own) return null;
            (found.Factors[j], found.Offsets[j]) = (factor, own);
        }

        return found;
    }

    // An offset for which all bytes are right; each sum gives it a least and a greatest value.
    private long? OffsetFor(FixedPointRounding exact, long factor, long offset, long greatestSum)
    {
        long room = int.MaxValue - Math.Abs(factor >> Split) * greatestSum - greatestSum, least = -room, most = room;
        for (long z = -greatestSum; z <= greatestSum && least <= most; z++)
        {
            long value = Math.Clamp((z * factor + offset) >> exact.Shift, exact.Low, exact.High), scaled = Scaled(z, factor);
            if (value > exact.Low) least = Math.Max(least, (value << Shift) - scaled);
            if (value < exact.High) most = Math.Min(most, (value + 1 << Shift) - 1 - scaled);
        }

        return least <= most ? least + (most - least) / 2 : null;
    }
}
