using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// The float matrix product of any shape, in the manner of BLIS (Van Zee and van de Geijn, 2015). Blocks of A and B are
/// packed into panels, which the micro-kernel reads in order, out of the caches. The order of additions depends on the
/// inner length alone, so that every part of C has the same bits.
/// </summary>
/// <remarks>
/// Loops from outside in: MC rows of A, KC of the inner index (A's block is packed), NC columns (B's block is packed),
/// NR columns, MR rows. The remainder needs no masks: panels are padded with zeros. A tile over an edge of C goes to
/// a buffer, from which its part inside C is copied or added.
/// </remarks>
internal static class FloatGemm
{
    /// <summary>
    /// Effectively computes c = op(a) · op(b), or c += op(a) · op(b) if the shape accumulates. c overlaps neither.
    /// </summary>
    public static void Multiply(
        in GemmShape shape, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, GemmWorkspace workspace)
    {
        workspace.Forget();
        Multiply(shape, Whole(shape), a, b, c, workspace);
    }

    /// <summary>
    /// The same for one part of c; the rest is left alone. A block of A that the work space still holds is not packed
    /// again. So call <see cref="GemmWorkspace.Forget"/> before the first part of each product.
    /// </summary>
    public static void Multiply(
        in GemmShape shape, in GemmPart part,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, GemmWorkspace workspace)
    {
        if (Vector512.IsHardwareAccelerated) Multiply<Vector512<float>, Lanes512>(shape, part, a, b, c, workspace);
        else if (Vector256.IsHardwareAccelerated) Multiply<Vector256<float>, Lanes256>(shape, part, a, b, c, workspace);
        else if (Vector128.IsHardwareAccelerated) Multiply<Vector128<float>, Lanes128>(shape, part, a, b, c, workspace);
        else MultiplyScalar(shape, part, a, b, c);
    }

    /// <summary>The definition of the product: Σ of the blocks' sums, where a block is KC of the inner index.</summary>
    public static void MultiplyScalar(
        in GemmShape shape, in GemmPart part, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        int innerAtOnce = InnerAtOnce(shape);
        (int aRow, int aInner) = shape.TransposeA ? (1, shape.Rows) : (shape.Inner, 1);
        (int bInner, int bColumn) = shape.TransposeB ? (1, shape.Inner) : (shape.Columns, 1);
        for (int i = part.Row; i < part.Row + part.Rows; i++)
        {
            for (int j = part.Column; j < part.Column + part.Columns; j++)
            {
                ref float result = ref c[i * shape.Columns + j];
                for (int p = 0; p < shape.Inner; p += innerAtOnce)
                {
                    float sum = 0;
                    for (int q = p; q < Math.Min(p + innerAtOnce, shape.Inner); q++)
                        sum += a[i * aRow + q * aInner] * b[q * bInner + j * bColumn];
                    result = shape.Accumulate || p > 0 ? result + sum : sum;
                }
            }
        }
    }

    public static void Multiply<TVector, TLanes>(
        in GemmShape shape, in GemmPart part,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, GemmWorkspace workspace)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        // The loops below check no bounds.
        a = a[..(shape.Rows * shape.Inner)];
        b = b[..(shape.Inner * shape.Columns)];
        c = c[..(shape.Rows * shape.Columns)];
        int rowsAtOnce = Even(part.Rows, GemmWorkspace.MostRows, GemmMicroKernel.Rows<TVector, TLanes>());
        int innerAtOnce = InnerAtOnce(shape);
        int rowsEnd = part.Row + part.Rows, columnsEnd = part.Column + part.Columns;
        for (int row = part.Row; row < rowsEnd; row += rowsAtOnce)
        {
            int rows = Math.Min(rowsAtOnce, rowsEnd - row);
            for (int p = 0; p < shape.Inner; p += innerAtOnce)
            {
                int inner = Math.Min(innerAtOnce, shape.Inner - p);
                if (!workspace.Holds(row, p))
                {
                    PackA<TVector, TLanes>(shape, a, row, rows, p, inner, workspace.A);
                    workspace.Remember(row, p);
                }

                for (int column = part.Column; column < columnsEnd; column += GemmWorkspace.MostColumns)
                {
                    int columns = Math.Min(GemmWorkspace.MostColumns, columnsEnd - column);
                    PackB<TVector, TLanes>(shape, b, p, inner, column, columns, workspace.B);
                    Span<float> block = c[(row * shape.Columns + column)..];
                    MultiplyBlock<TVector, TLanes>(
                        workspace, rows, columns, inner, block, shape.Columns, shape.Accumulate || p > 0);
                }
            }
        }
    }

    /// <summary>The number of blocks of the inner index.</summary>
    public static int Blocks(in GemmShape shape) => (shape.Inner + GemmWorkspace.MostInner - 1) / GemmWorkspace.MostInner;

    /// <summary>All of C.</summary>
    public static GemmPart Whole(in GemmShape shape) => new(0, shape.Rows, 0, shape.Columns);

    private static int InnerAtOnce(in GemmShape shape) => Even(shape.Inner, GemmWorkspace.MostInner, 1);

    // Packs rows of A into tall panels; a remainder of at most six rows goes into a small one.
    private static void PackA<TVector, TLanes>(
        in GemmShape shape, ReadOnlySpan<float> a, int row, int rows, int p, int inner, Span<float> panels)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int tall = TallRows<TVector, TLanes>(rows);
        PackRowsOfA<TVector, TLanes>(shape, a, row, tall, p, inner, GemmMicroKernel.Rows<TVector, TLanes>(), panels);
        if (tall == rows) return;
        PackRowsOfA<TVector, TLanes>(
            shape, a, row + tall, rows - tall, p, inner, GemmMicroKernel.SmallRows, panels[(tall * inner)..]);
    }

    private static void PackRowsOfA<TVector, TLanes>(
        in GemmShape shape, ReadOnlySpan<float> a, int row, int rows, int p, int inner, int width, Span<float> panels)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        if (rows == 0) return;
        if (shape.TransposeA)
            GemmPacking.PackColumns<TVector, TLanes>(a[(p * shape.Rows + row)..], shape.Rows, rows, inner, width, panels);
        else
            GemmPacking.PackRows(a[(row * shape.Inner + p)..], shape.Inner, rows, inner, width, panels);
    }

    private static void PackB<TVector, TLanes>(
        in GemmShape shape, ReadOnlySpan<float> b, int p, int inner, int column, int columns, Span<float> panels)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int width = GemmMicroKernel.Columns<TVector, TLanes>();
        if (shape.TransposeB)
            GemmPacking.PackRows(b[(column * shape.Inner + p)..], shape.Inner, columns, inner, width, panels);
        else
            GemmPacking.PackColumns<TVector, TLanes>(
                b[(p * shape.Columns + column)..], shape.Columns, columns, inner, width, panels);
    }

    // Multiplies all panels of A by each panel of B, which stays in L1. C is [.., stride], and c its first value here.
    private static void MultiplyBlock<TVector, TLanes>(
        GemmWorkspace workspace, int rows, int columns, int inner, Span<float> c, int stride, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int width = GemmMicroKernel.Columns<TVector, TLanes>(), tall = TallRows<TVector, TLanes>(rows);
        ref float aPanels = ref MemoryMarshal.GetReference(workspace.A), bPanels = ref MemoryMarshal.GetReference(workspace.B);
        ref float results = ref MemoryMarshal.GetReference(c), edge = ref MemoryMarshal.GetReference(workspace.Tile);
        for (int j = 0; j < columns; j += width)
        {
            ref float b = ref Unsafe.Add(ref bPanels, j * inner);
            int some = Math.Min(width, columns - j);
            for (int i = 0; i < rows;)
            {
                int height = i < tall ? GemmMicroKernel.Rows<TVector, TLanes>() : GemmMicroKernel.SmallRows;
                ref float a = ref Unsafe.Add(ref aPanels, i * inner);
                if (some == width && i + height <= rows)
                {
                    ref float tile = ref Unsafe.Add(ref results, (nint)i * stride + j);
                    GemmMicroKernel.Multiply<TVector, TLanes>(height, ref a, ref b, inner, ref tile, stride, add);
                }
                else
                {
                    GemmMicroKernel.Multiply<TVector, TLanes>(height, ref a, ref b, inner, ref edge, width, add: false);
                    StoreEdge(workspace.Tile, width, Math.Min(height, rows - i), some, c[(i * stride + j)..], stride, add);
                }

                i += height;
            }
        }
    }

    private static void StoreEdge(ReadOnlySpan<float> tile, int width, int rows, int columns, Span<float> c, int stride, bool add)
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> from = tile.Slice(i * width, columns);
            Span<float> to = c.Slice(i * stride, columns);
            if (add) TensorPrimitives.Add(to, from, to);
            else from.CopyTo(to);
        }
    }

    // The number of rows in tall panels. Zeros pad the last of these panels where more than six rows remain.
    private static int TallRows<TVector, TLanes>(int rows)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int height = GemmMicroKernel.Rows<TVector, TLanes>(), left = rows % height;
        return left is > 0 and <= GemmMicroKernel.SmallRows ? rows - left : rows;
    }

    // The length of a block when the length is cut into as few even blocks as the limit allows; a multiple of the step.
    private static int Even(int length, int most, int step)
    {
        int blocks = (length + most - 1) / most, block = (length + blocks - 1) / blocks;
        return (block + step - 1) / step * step;
    }
}
