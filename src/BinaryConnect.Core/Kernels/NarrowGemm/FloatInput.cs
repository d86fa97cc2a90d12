using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>Inputs stored as contiguous floats [n, k].</summary>
internal readonly ref struct FloatInput<TVector, TLanes>(ReadOnlySpan<float> rows, int width) : IInput<float, TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly ref float _first = ref MemoryMarshal.GetReference(rows);

    public int Count { get; } = rows.Length / width;

    public int Width { get; } = width;

    public int Stride => Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float Start(int row) => ref Unsafe.Add(ref _first, (nint)row * Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(ref readonly float source, nuint offset) => TLanes.Load(in source, offset);

    public static float ToFloat(float element) => element;
}
