using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// Groups of six inputs (AVX-512 VBMI). The counts of all 64 patterns of signs fill a register, and one permutation
/// selects those of 64 outputs.
/// </summary>
internal readonly unsafe struct BitLanes512 : IBitLanes<Vector512<byte>, Vector512<byte>, Vector512<byte>>
{
    public static int Count => Vector512<byte>.Count;

    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadSigns(byte* signs) => Vector512.Load(signs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadInputs(byte* tables, byte group) =>
        Vector512.Load(tables + (nuint)group * BitTables.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddDifferences(Vector512<byte> counts, Vector512<byte> signs, Vector512<byte> inputs) =>
        counts + Avx512Vbmi.PermuteVar64x8(inputs, signs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<byte> counts, ushort* sums, bool adds)
    {
        (Vector512<ushort> low, Vector512<ushort> high) = Vector512.Widen(counts);
        if (adds)
        {
            low += Vector512.Load(sums);
            high += Vector512.Load(sums + Vector512<ushort>.Count);
        }

        low.Store(sums);
        high.Store(sums + Vector512<ushort>.Count);
    }
}
