using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>Packs ±1 for <see cref="BitGemm"/>, six or eight a byte; a bit is 1 for +1.</summary>
internal static class BitPacking
{
    // Eight groups of six are 48 bits, which are six bytes of canonical bits.
    private const int SpreadInputs = 6, ChunkGroups = 8, ChunkBytes = 6;
    private const ulong GroupMasks = 0x3F3F_3F3F_3F3F_3F3F;
    private const int GroupMask = 0x3F;

    /// <summary>
    /// Packs canonical bits of outputs: rows of ⌈k/8⌉ bytes, where bit i of byte j is input 8·j + i. Bits after the
    /// last input must be 0.
    /// </summary>
    public static void PackOutputs(ReadOnlySpan<byte> bits, BitLayout layout, Span<byte> groups)
    {
        int stride = (layout.Inputs + 7) / 8;
        byte[] row = new byte[layout.Groups];
        groups[..layout.Length].Clear();
        for (int output = 0; output < layout.Outputs; output++)
        {
            PackRow(bits.Slice(output * stride, stride), layout, row);
            for (int group = 0; group < row.Length; group++) groups[layout.IndexOf(output, group)] = row[group];
        }
    }

    /// <summary>Makes the groups of one row of canonical bits.</summary>
    public static void PackRow(ReadOnlySpan<byte> bits, BitLayout layout, Span<byte> groups)
    {
        if (layout.GroupInputs != SpreadInputs)
        {
            bits.CopyTo(groups);
            return;
        }

        Span<ulong> chunks = MemoryMarshal.Cast<byte, ulong>(groups);
        int whole = Math.Min(chunks.Length, (bits.Length - sizeof(ulong) + ChunkBytes) / ChunkBytes);
        ref byte from = ref MemoryMarshal.GetReference(bits);
        for (int i = 0; i < whole; i++)
            chunks[i] = Spread(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i * ChunkBytes)));

        for (int group = whole * ChunkGroups; group < groups.Length; group++)
        {
            int bit = group * SpreadInputs, first = bit / 8;
            int two = bits[first] | (first + 1 < bits.Length ? bits[first + 1] << 8 : 0);
            groups[group] = (byte)(two >> bit % 8 & GroupMask);
        }
    }

    /// <summary>
    /// Makes canonical bits of one row of floats: 1 where a value is not negative, and also for −0.
    /// </summary>
    /// <returns>Whether all values are +1 or −1.</returns>
    public static bool PackSigns(ReadOnlySpan<float> values, Span<byte> bits)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector512<float> differ = Vector512<float>.Zero;
        int i = 0, step = Vector512<float>.Count;
        for (; i <= values.Length - step; i += step)
        {
            Vector512<float> value = Vector512.LoadUnsafe(ref first, (nuint)i);
            differ |= Vector512.Abs(value) ^ Vector512<float>.One;
            ulong negative = Vector512.LessThan(value, Vector512<float>.Zero).ExtractMostSignificantBits();
            BinaryPrimitives.WriteUInt16LittleEndian(bits[(i / 8)..], (ushort)~negative);
        }

        bool areSigns = Vector512.EqualsAll(differ.AsInt32(), Vector512<int>.Zero);
        bits[(i / 8)..].Clear();
        for (; i < values.Length; i++)
        {
            areSigns &= MathF.Abs(values[i]) == 1;
            if (!(values[i] < 0)) bits[i / 8] |= (byte)(1 << i % 8);
        }

        return areSigns;
    }

    // 48 bits, six in each byte.
    private static ulong Spread(ulong bits)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitDeposit(bits, GroupMasks);
        ulong spread = 0;
        for (int i = 0; i < ChunkGroups; i++)
            spread |= (bits >> SpreadInputs * i & GroupMask) << 8 * i;
        return spread;
    }
}
