namespace BinaryConnect.Threading;

/// <summary>A length cut into parts of about equal size.</summary>
internal static class WorkRange
{
    /// <summary>
    /// Part <paramref name="part"/> of <paramref name="parts"/>. It starts at a multiple of <paramref name="step"/> and
    /// ends at one, or at the end of the length.
    /// </summary>
    public static (int Start, int End) Of(int length, int step, int part, int parts)
    {
        long steps = length / step;
        int start = (int)(steps * part / parts) * step;
        return (start, part == parts - 1 ? length : (int)(steps * (part + 1) / parts) * step);
    }
}
