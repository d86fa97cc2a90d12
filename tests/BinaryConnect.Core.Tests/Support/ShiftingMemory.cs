using System.Buffers;

namespace BinaryConnect.Tests.Support;

/// <summary>Memory whose values change at each read, as if another thread wrote to it.</summary>
internal sealed class ShiftingMemory<T>(params T[][] values) : MemoryManager<T>
{
    private int _reads;

    public override Span<T> GetSpan() => values[Math.Min(_reads++, values.Length - 1)];

    // Memory<T> asks for the span to learn the length.
    public ReadOnlyMemory<T> Whole => CreateMemory(values[0].Length);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
    }
}
