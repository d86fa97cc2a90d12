using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// Groups of eight inputs (Arm64). One instruction counts the bits of each byte. So no table is needed.
/// </summary>
internal readonly unsafe struct BitLanesArm64 : IBitLanes<Vector128<byte>, Vector128<byte>, Vector128<byte>>
{
    public static int Count => Vector128<byte>.Count;

    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadSigns(byte* signs) => Vector128.Load(signs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadInputs(byte* tables, byte group) => Vector128.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddDifferences(Vector128<byte> counts, Vector128<byte> signs, Vector128<byte> inputs) =>
        counts + AdvSimd.PopCount(signs ^ inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector128<byte> counts, ushort* sums, bool adds) => BitLanes128.Put(counts, sums, adds);
}
