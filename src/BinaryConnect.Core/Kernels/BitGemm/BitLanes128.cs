using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// Groups of eight inputs (128 bits, and WebAssembly), as in <see cref="BitLanes256"/>, for 16 outputs.
/// </summary>
internal readonly unsafe struct BitLanes128
    : IBitLanes<Vector128<byte>, (Vector128<byte> Low, Vector128<byte> High), (Vector128<byte> Low, Vector128<byte> High)>
{
    public static int Count => Vector128<byte>.Count;

    public static int Columns => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> Low, Vector128<byte> High) LoadSigns(byte* signs)
    {
        Vector128<byte> both = Vector128.Load(signs);
        return (both & Vector128.Create(BitTables.LowBits), both >>> BitTables.HalfBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> Low, Vector128<byte> High) LoadInputs(byte* tables, byte group) =>
        (Vector128.Load(BitTables.Low(tables, group)), Vector128.Load(BitTables.High(tables, group)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddDifferences(
        Vector128<byte> counts,
        (Vector128<byte> Low, Vector128<byte> High) signs,
        (Vector128<byte> Low, Vector128<byte> High) inputs) =>
        counts + (Vector128.ShuffleNative(inputs.Low, signs.Low) + Vector128.ShuffleNative(inputs.High, signs.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector128<byte> counts, ushort* sums, bool adds)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(counts);
        if (adds)
        {
            low += Vector128.Load(sums);
            high += Vector128.Load(sums + Vector128<ushort>.Count);
        }

        low.Store(sums);
        high.Store(sums + Vector128<ushort>.Count);
    }
}
