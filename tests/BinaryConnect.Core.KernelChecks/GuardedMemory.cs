namespace BinaryConnect.KernelChecks;

/// <summary>
/// Memory between two forbidden pages. A read or write one element beyond the span, on the side of the page, ends the
/// process at once. No catch block can prevent that.
/// </summary>
internal sealed unsafe class GuardedMemory<T>
    where T : unmanaged
{
    private readonly T* _start;
    private readonly int _capacity;

    /// <param name="capacity">
    /// The length of the longest span, which is rounded up to whole pages. The memory lives as long as the process.
    /// </param>
    public GuardedMemory(int capacity)
    {
        nuint page = (nuint)Environment.SystemPageSize, inside = ((nuint)capacity * (nuint)sizeof(T) + page - 1) / page * page;
        nint start = GuardedPages.Reserve(inside + 2 * page) + (nint)page;
        GuardedPages.Open(start, inside);
        _start = (T*)start;
        _capacity = (int)(inside / (nuint)sizeof(T));
    }

    /// <summary>The first or the last elements, against one of the two pages.</summary>
    public Span<T> Take(int length, Side side)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _capacity);
        return new(side == Side.Start ? _start : _start + (_capacity - length), length);
    }

    /// <summary>As many elements as <paramref name="values"/> has, with these values.</summary>
    public Span<T> Take(ReadOnlySpan<T> values, Side side)
    {
        Span<T> taken = Take(values.Length, side);
        values.CopyTo(taken);
        return taken;
    }
}
