namespace BinaryConnect.Tests.Support;

/// <summary>
/// Floats between two fences of NaN with a special bit pattern. A read beyond the span makes results NaN, and a write
/// there is found. A new buffer is filled with the pattern too, so that an unwritten value shows.
/// </summary>
internal sealed class FencedBuffer
{
    // Wider than two 512-bit registers.
    private const int Fence = 48;
    private const uint Pattern = 0x7FC0BEEF;
    private readonly float[] _all;

    public FencedBuffer(int length)
    {
        _all = new float[length + 2 * Fence];
        Array.Fill(_all, BitConverter.UInt32BitsToSingle(Pattern));
    }

    public FencedBuffer(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(Span);

    public Span<float> Span => _all.AsSpan(Fence, _all.Length - 2 * Fence);

    public static implicit operator Span<float>(FencedBuffer buffer) => buffer.Span;

    public static implicit operator ReadOnlySpan<float>(FencedBuffer buffer) => buffer.Span;

    /// <summary>Fails where something was written outside the span.</summary>
    public void AssertFencesStand(string when)
    {
        for (int i = 0; i < Fence; i++)
        {
            if (!IsPattern(_all[i])) Assert.Fail($"{when}: written {Fence - i} before the start");
            if (!IsPattern(_all[^(i + 1)])) Assert.Fail($"{when}: written {Fence - 1 - i} past the end");
        }
    }

    private static bool IsPattern(float value) => BitConverter.SingleToUInt32Bits(value) == Pattern;
}
