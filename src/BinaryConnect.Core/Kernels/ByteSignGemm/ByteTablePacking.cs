using System.Buffers.Binary;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>Packs signs for <see cref="ByteTableGemm"/>.</summary>
internal static class ByteTablePacking
{
    /// <summary>
    /// Packs canonical bits: rows of ⌈k/8⌉ bytes, where bit i of byte j is input 8·j + i. Bits after the last input
    /// must be 0.
    /// </summary>
    public static void Pack(ReadOnlySpan<byte> bits, ByteTableLayout layout, Span<ushort> words)
    {
        int stride = (layout.Inputs + 7) / 8;
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        words[..layout.Length].Clear();
        for (int output = 0; output < layout.Outputs; output++)
        {
            ReadOnlySpan<byte> row = bits.Slice(output * stride, stride);
            for (int word = 0; word < layout.Words; word++)
            {
                int bit = word * ByteTableLayout.WordInputs, first = bit / 8;
                bytes.Clear();
                row[first..Math.Min(first + 3, stride)].CopyTo(bytes);
                uint value = BinaryPrimitives.ReadUInt32LittleEndian(bytes) >> bit % 8;
                words[layout.IndexOf(output, word)] = (ushort)(value & ((1 << ByteTableLayout.WordInputs) - 1));
            }
        }
    }
}
