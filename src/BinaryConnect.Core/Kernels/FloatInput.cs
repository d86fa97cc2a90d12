using System.Runtime.CompilerServices;

namespace BinaryConnect.Kernels;

/// <summary>Floats as they are.</summary>
internal readonly struct FloatInput<TVector, TLanes> : IInput<float, TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(ref readonly float source, nuint offset) => TLanes.Load(in source, offset);

    public static float ToFloat(float element) => element;
}
