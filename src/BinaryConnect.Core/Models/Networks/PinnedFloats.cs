using System.Buffers;

namespace BinaryConnect.Models.Networks;

/// <summary>A caller's floats as memory, which threads can share; valid while the caller keeps them pinned.</summary>
internal sealed unsafe class PinnedFloats : MemoryManager<float>
{
    private float* _first;
    private int _length;

    /// <summary>Views other floats.</summary>
    public Memory<float> Of(float* first, int length)
    {
        _first = first;
        _length = length;
        return CreateMemory(length);
    }

    public override Span<float> GetSpan() => new(_first, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_first + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
