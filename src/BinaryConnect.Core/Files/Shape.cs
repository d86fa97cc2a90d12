namespace BinaryConnect.Files;

/// <summary>The sizes of a tensor along its dimensions, slowest first; none for a single value.</summary>
internal static class Shape
{
    /// <summary>The largest number of sizes of a shape.</summary>
    public const int MostSizes = 8;

    /// <summary>
    /// The product of all sizes, none of which is negative; false if a partial product overflows a long.
    /// </summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        foreach (long size in shape)
        {
            if (!TryMultiply(count, size, out count)) return false;
        }

        return true;
    }

    /// <summary>The number of bytes of a tensor; false if it overflows a long.</summary>
    public static bool TryCountBytes(ReadOnlySpan<long> shape, int size, out long bytes)
    {
        bytes = 0;
        return TryCount(shape, out long count) && TryMultiply(count, size, out bytes);
    }

    /// <summary>The shape as files write it: [2, 3].</summary>
    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    private static bool TryMultiply(long a, long b, out long product) => Math.BigMul(a, b, out product) == 0 && product >= 0;
}
