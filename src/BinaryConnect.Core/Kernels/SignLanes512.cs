using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels;

/// <summary>64 bytes in a 512-bit register (AVX-512 BW).</summary>
internal readonly struct SignLanes512 : ISignLanes<Vector512<byte>, Vector512<short>>
{
    public static int Count => Vector512<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref readonly byte source, nuint offset) => Vector512.LoadUnsafe(in source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyAdd(Vector512<byte> bytes, ref readonly sbyte signs, nuint offset, Vector512<short> sums) =>
        sums + Avx512BW.MultiplyAddAdjacent(bytes, Vector512.LoadUnsafe(in signs, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Fold(Vector512<short> sums)
    {
        Vector512<int> pairs = Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One);
        Vector256<int> half = pairs.GetLower() + pairs.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}
