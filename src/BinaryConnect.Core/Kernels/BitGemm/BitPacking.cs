using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>Packs ±1 for <see cref="BitGemm"/>, six or eight a byte; a bit is 1 for +1.</summary>
internal static class BitPacking
{
    // Eight groups of six are 48 bits, which are six bytes of canonical bits.
    private const int SpreadInputs = 6, ChunkGroups = 8, ChunkBytes = 6;
    private const ulong GroupMask = 0x3F3F_3F3F_3F3F_3F3F;

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

        for (int group = 0; group < groups.Length; group += ChunkGroups)
        {
            int first = group / ChunkGroups * ChunkBytes;
            ulong chunk = 0;
            if (bits.Length - first >= sizeof(ulong)) chunk = BinaryPrimitives.ReadUInt64LittleEndian(bits[first..]);
            else for (int i = first; i < bits.Length; i++) chunk |= (ulong)bits[i] << 8 * (i - first);
            Span<byte> target = groups.Slice(group, Math.Min(ChunkGroups, groups.Length - group));
            ulong spread = Spread(chunk);
            if (target.Length == ChunkGroups) BinaryPrimitives.WriteUInt64LittleEndian(target, spread);
            else for (int i = 0; i < target.Length; i++) target[i] = (byte)(spread >> 8 * i);
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
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitDeposit(bits, GroupMask);
        ulong spread = 0;
        for (int i = 0; i < ChunkGroups; i++)
            spread |= (bits >> SpreadInputs * i & 0x3F) << 8 * i;
        return spread;
    }
}
