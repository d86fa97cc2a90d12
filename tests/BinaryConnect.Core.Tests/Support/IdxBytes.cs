using System.Buffers.Binary;

namespace BinaryConnect.Tests.Support;

/// <summary>Makes IDX files, right ones and wrong ones.</summary>
internal static class IdxBytes
{
    /// <summary>An IDX header of unsigned bytes, of any dimensions, followed by whatever is given.</summary>
    public static byte[] Of(ReadOnlySpan<uint> dimensions, ReadOnlySpan<byte> values)
    {
        byte[] file = new byte[4 + 4 * dimensions.Length + values.Length];
        file[2] = 0x08;
        file[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4 + 4 * i), dimensions[i]);
        values.CopyTo(file.AsSpan(4 + 4 * dimensions.Length));
        return file;
    }

    /// <summary>The values 0, 1, 2 … (modulo 251) in the given shape.</summary>
    public static byte[] Counting(params uint[] dimensions)
    {
        byte[] values = new byte[dimensions.Aggregate(1, (product, size) => product * (int)size)];
        for (int i = 0; i < values.Length; i++) values[i] = (byte)(i % 251);
        return Of(dimensions, values);
    }
}
