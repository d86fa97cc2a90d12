using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Transposes matrices, in 4 × 4 blocks in registers.</summary>
/// <remarks>
/// A block is four rows of four lanes; two rounds of interleaving make its columns. Where a side is no multiple of
/// four, the last block starts at side − 4 and moves a few values again. Sides below four take the scalar form.
/// </remarks>
internal static class Transposition
{
    private const int Block = 4;

    /// <summary>
    /// Effectively computes destination[j, i] = source[i, j] for a source [rows, columns]. The spans do not overlap.
    /// </summary>
    public static void Transpose(ReadOnlySpan<float> source, Span<float> destination, int columns) =>
        Transpose(source, destination, columns, source.Length / columns);

    /// <summary>
    /// The same for destination rows <paramref name="stride"/> floats apart; the floats between them are left alone.
    /// </summary>
    public static void Transpose(ReadOnlySpan<float> source, Span<float> destination, int columns, int stride)
    {
        int rows = source.Length / columns;
        if (!Vector128.IsHardwareAccelerated || rows < Block || columns < Block)
        {
            TransposeScalar(source, destination, columns, stride);
            return;
        }

        // Destination rows are written from start to end.
        ref float from = ref MemoryMarshal.GetReference(source), to = ref MemoryMarshal.GetReference(destination);
        for (int j = 0; j < columns; j += Block)
        {
            int column = Math.Min(j, columns - Block);
            for (int i = 0; i < rows; i += Block)
            {
                int row = Math.Min(i, rows - Block);
                TransposeBlock(
                    ref Unsafe.Add(ref from, row * columns + column),
                    columns,
                    ref Unsafe.Add(ref to, column * stride + row),
                    stride);
            }
        }
    }

    /// <summary>
    /// Effectively computes destination[j, i] = source[i, first + j] for some columns of a source [rows,
    /// <paramref name="columns"/>] and a destination [count, rows]. The spans do not overlap.
    /// </summary>
    public static void TransposeColumns(
        ReadOnlySpan<float> source, int columns, int first, int count, Span<float> destination)
    {
        int rows = source.Length / columns;
        if (!Vector128.IsHardwareAccelerated || rows < Block || count < Block)
        {
            TransposeColumnsScalar(source, columns, first, count, destination);
            return;
        }

        // Source rows are read once: in a matrix of many columns each is a page of its own.
        ref float from = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), first);
        ref float to = ref MemoryMarshal.GetReference(destination);
        for (int i = 0; i < rows; i += Block)
        {
            int row = Math.Min(i, rows - Block);
            for (int j = 0; j < count; j += Block)
            {
                int column = Math.Min(j, count - Block);
                TransposeBlock(
                    ref Unsafe.Add(ref from, row * columns + column), columns, ref Unsafe.Add(ref to, column * rows + row), rows);
            }
        }
    }

    /// <summary>The definition of <see cref="TransposeColumns"/>.</summary>
    public static void TransposeColumnsScalar(
        ReadOnlySpan<float> source, int columns, int first, int count, Span<float> destination)
    {
        int rows = source.Length / columns;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < count; j++) destination[j * rows + i] = source[i * columns + first + j];
        }
    }

    /// <summary>The definition of <see cref="Transpose(ReadOnlySpan{float}, Span{float}, int, int)"/>.</summary>
    public static void TransposeScalar(ReadOnlySpan<float> source, Span<float> destination, int columns, int stride)
    {
        int rows = source.Length / columns;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) destination[j * stride + i] = source[i * columns + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(ref float from, int fromStride, ref float to, int toStride)
    {
        Vector128<float> a = Vector128.LoadUnsafe(ref from), b = Vector128.LoadUnsafe(ref from, (nuint)fromStride);
        Vector128<float> c = Vector128.LoadUnsafe(ref from, 2 * (nuint)fromStride);
        Vector128<float> d = Vector128.LoadUnsafe(ref from, 3 * (nuint)fromStride);
        Vector128<float> lowAc = Low(a, c), highAc = High(a, c), lowBd = Low(b, d), highBd = High(b, d);
        Low(lowAc, lowBd).StoreUnsafe(ref to);
        High(lowAc, lowBd).StoreUnsafe(ref to, (nuint)toStride);
        Low(highAc, highBd).StoreUnsafe(ref to, 2 * (nuint)toStride);
        High(highAc, highBd).StoreUnsafe(ref to, 3 * (nuint)toStride);
    }

    // [a0, b0, a1, b1].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported) return Sse.UnpackLow(a, b);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipLow(a, b);
        return Vector128.Create(a[0], b[0], a[1], b[1]);
    }

    // [a2, b2, a3, b3].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported) return Sse.UnpackHigh(a, b);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipHigh(a, b);
        return Vector128.Create(a[2], b[2], a[3], b[3]);
    }
}
