using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Files;

/// <summary>
/// Values as the bytes that files hold, little-endian. They are read and written in blocks, since a span of bytes ends
/// at 2 GiB.
/// </summary>
internal static class RawBytes
{
    private const int BlockLength = 1 << 20;

    /// <summary>Gives the bytes of all values, block by block.</summary>
    public static void Give<T>(ReadOnlySpan<T> values, Action<ReadOnlySpan<byte>> taker)
        where T : unmanaged
    {
        CheckByteOrder();
        for (int length; values.Length > 0; values = values[length..])
        {
            length = Math.Min(BlockLength / Unsafe.SizeOf<T>(), values.Length);
            taker(MemoryMarshal.AsBytes(values[..length]));
        }
    }

    /// <summary>Fills all values from a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer bytes.</exception>
    public static void Read<T>(Stream stream, Span<T> values)
        where T : unmanaged
    {
        CheckByteOrder();
        for (int length; values.Length > 0; values = values[length..])
        {
            length = Math.Min(BlockLength / Unsafe.SizeOf<T>(), values.Length);
            stream.ReadExactly(MemoryMarshal.AsBytes(values[..length]));
        }
    }

    private static void CheckByteOrder()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException(
                "This machine is big-endian; tensors are read and written on little-endian ones alone.");
    }
}
