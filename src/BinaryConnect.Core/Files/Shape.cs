namespace BinaryConnect.Files;

/// <summary>The sizes of a tensor along its dimensions, slowest first; none for a single value.</summary>
internal static class Shape
{
    /// <summary>The product of all sizes, none of which is negative; false where it grows beyond a long on the way.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        foreach (long size in shape)
        {
            if (Math.BigMul(count, size, out count) != 0 || count < 0) return false;
        }

        return true;
    }

    /// <summary>As files have it: [2, 3].</summary>
    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
