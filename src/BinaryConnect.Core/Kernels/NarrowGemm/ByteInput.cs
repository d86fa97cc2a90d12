using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.NarrowGemm;

/// <summary>Inputs stored as bytes [n, k], which widen to floats in registers.</summary>
internal readonly ref struct ByteInput<TVector, TLanes>(ByteRows rows) : IInput<byte, TVector>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly ByteRows _rows = rows;

    public int Count => _rows.Count;

    public int Width => _rows.Width;

    public int Stride => _rows.Stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Start(int row) => ref _rows.Start(row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(ref readonly byte source, nuint offset) => TLanes.LoadBytes(in source, offset);

    public static float ToFloat(byte element) => element;
}
