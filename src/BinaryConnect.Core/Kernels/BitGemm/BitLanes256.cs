using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// Groups of eight inputs (AVX2). Four inputs have 16 counts, one for each pattern of signs. A shuffle of bytes selects
/// those of 32 outputs by the lower four bits of their signs, and another by the upper four.
/// </summary>
internal readonly unsafe struct BitLanes256
    : IBitLanes<Vector256<byte>, (Vector256<byte> Low, Vector256<byte> High), (Vector256<byte> Low, Vector256<byte> High)>
{
    public static int Count => Vector256<byte>.Count;

    public static int Columns => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> Low, Vector256<byte> High) LoadSigns(byte* signs)
    {
        Vector256<byte> both = Vector256.Load(signs);
        return (both & Vector256.Create(BitTables.LowBits), both >>> BitTables.HalfBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> Low, Vector256<byte> High) LoadInputs(byte* tables, byte group) =>
        (Vector256.Create(Vector128.Load(BitTables.Low(tables, group))),
            Vector256.Create(Vector128.Load(BitTables.High(tables, group))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddDifferences(
        Vector256<byte> counts,
        (Vector256<byte> Low, Vector256<byte> High) signs,
        (Vector256<byte> Low, Vector256<byte> High) inputs) =>
        counts + (Avx2.Shuffle(inputs.Low, signs.Low) + Avx2.Shuffle(inputs.High, signs.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector256<byte> counts, ushort* sums, bool adds)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(counts);
        if (adds)
        {
            low += Vector256.Load(sums);
            high += Vector256.Load(sums + Vector256<ushort>.Count);
        }

        low.Store(sums);
        high.Store(sums + Vector256<ushort>.Count);
    }
}
