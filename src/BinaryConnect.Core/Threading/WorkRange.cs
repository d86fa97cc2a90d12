namespace BinaryConnect.Threading;

/// <summary>A length cut into parts.</summary>
internal static class WorkRange
{
    /// <summary>Part <paramref name="part"/> of so many, from a multiple of <paramref name="step"/> to another, or to the end.</summary>
    public static (int Start, int End) Of(int length, int step, int part, int parts)
    {
        long steps = length / step;
        int start = (int)(steps * part / parts) * step;
        return (start, part == parts - 1 ? length : (int)(steps * (part + 1) / parts) * step);
    }
}
