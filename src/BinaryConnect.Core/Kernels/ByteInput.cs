using System.Runtime.CompilerServices;

namespace BinaryConnect.Kernels;

/// <summary>Bytes, widened in registers.</summary>
internal readonly struct ByteInput<TVector, TLanes> : IInput<byte, TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(ref readonly byte source, nuint offset) => TLanes.LoadBytes(in source, offset);

    public static float ToFloat(byte element) => element;
}
