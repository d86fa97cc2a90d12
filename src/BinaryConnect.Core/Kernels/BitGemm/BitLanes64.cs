using System.Runtime.CompilerServices;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// Groups of eight inputs, in an integer of 64 bits (no SIMD). Shifts and masks count the bits of each of its bytes.
/// </summary>
internal readonly unsafe struct BitLanes64 : IBitLanes<ulong, ulong, ulong>
{
    private const ulong EveryByte = 0x0101_0101_0101_0101;

    public static int Count => sizeof(ulong);

    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LoadSigns(byte* signs) => *(ulong*)signs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LoadInputs(byte* tables, byte group) => group * EveryByte;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AddDifferences(ulong counts, ulong signs, ulong inputs)
    {
        ulong bits = signs ^ inputs;
        bits -= bits >> 1 & 0x55 * EveryByte;
        bits = (bits & 0x33 * EveryByte) + (bits >> 2 & 0x33 * EveryByte);
        return counts + (bits + (bits >> 4) & 0x0F * EveryByte);
    }

    public static void Put(ulong counts, ushort* sums, bool adds)
    {
        for (int i = 0; i < Count; i++, counts >>= 8) sums[i] = (ushort)((adds ? sums[i] : 0) + (byte)counts);
    }
}
