namespace BinaryConnect.Files;

/// <summary>The sizes of a tensor along its dimensions, slowest first; none for a single value.</summary>
internal static class Shape
{
    /// <summary>How many sizes a shape has at the most.</summary>
    public const int MostSizes = 8;

    /// <summary>The product of all sizes, none of which is negative; false where it grows beyond a long on the way.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        foreach (long size in shape)
        {
            if (!TryMultiply(count, size, out count)) return false;
        }

        return true;
    }

    /// <summary>The bytes of a tensor; false where they are more than a long can count.</summary>
    public static bool TryCountBytes(ReadOnlySpan<long> shape, int size, out long bytes)
    {
        bytes = 0;
        return TryCount(shape, out long count) && TryMultiply(count, size, out bytes);
    }

    /// <summary>As files have it: [2, 3].</summary>
    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    private static bool TryMultiply(long a, long b, out long product) => Math.BigMul(a, b, out product) == 0 && product >= 0;
}
