using System.Buffers.Binary;
using System.Text;

namespace BinaryConnect.Tests.Support;

/// <summary>Makes safetensors files, right ones and wrong ones.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A given header, with its length before it, followed by data bytes: 0, 1, 2 … (modulo 251).</summary>
    public static byte[] Of(string header, int dataLength = 0) => Of(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Of(byte[] header, int dataLength = 0)
    {
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        for (int i = 0; i < dataLength; i++) file[8 + header.Length + i] = (byte)(i % 251);
        return file;
    }

    /// <summary>The header of a file, padding included.</summary>
    public static string HeaderOf(byte[] file) =>
        Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));
}
