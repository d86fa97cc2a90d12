using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The ±1 product of 32 rows at a time, with sum tables [groups][16 entries][32 rows]. Lanes are rows: four signs of an
/// output give the address of 32 rows' sums, which loads add without permutes. Each row has the bits of the other
/// forms. No masks: the caller computes the remaining rows. Effectively z[i, j] = bound · Σ_k s[j, k] · x[i, k].
/// </summary>
/// <remarks>
/// The tables of 32 inputs take 16 KB and stay in L1 for all outputs, while partial sums pass through it. Tables of 64
/// inputs would not fit the half of a 48 KB L1 that a thread has when two share the core.
/// </remarks>
internal static class SignMicroKernel32Rows
{
    /// <summary>The number of rows computed together.</summary>
    public const int Rows = 1 << RowBits;

    private const int RowBits = 5;
    private const int GroupInputs = SumTables.GroupInputs;
    private const int WordGroups = SignLayout.WordInputs / GroupInputs;
    private const int TableLength = SumTables.Entries * Rows;
    private const int TileLength = SignLayout.TileOutputs * Rows;
    private const int ColumnsLength = SignLayout.WordInputs * Rows;
    private const int TablesLength = WordGroups * TableLength;

    /// <summary>The floats of work space of a product.</summary>
    public static long WorkLength(SignLayout layout) =>
        ColumnsLength + TablesLength + (long)layout.Tiles * TileLength;

    /// <summary>
    /// How many of the rows this form computes: a multiple of 32, or none without SIMD registers.
    /// </summary>
    public static int Take(int rows) => Vector128.IsHardwareAccelerated ? rows - rows % Rows : 0;

    /// <summary>
    /// Effectively computes z[i, j] = bound · Σ_k s[j, k] · x[i, k] for x [n, inputs], n a multiple of 32, and the
    /// outputs j of the tiles from <paramref name="firstTile"/> up to <paramref name="endTile"/>.
    /// </summary>
    public static void Multiply(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound,
        Span<float> z, Span<float> work, int firstTile, int endTile)
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<Vector512<float>, Lanes512>(x, signs, layout, bound, z, work, firstTile, endTile);
        else if (Vector256.IsHardwareAccelerated)
            Multiply<Vector256<float>, Lanes256>(x, signs, layout, bound, z, work, firstTile, endTile);
        else
            Multiply<Vector128<float>, Lanes128>(x, signs, layout, bound, z, work, firstTile, endTile);
    }

    public static void Multiply<TVector, TLanes>(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound,
        Span<float> z, Span<float> work, int firstTile, int endTile)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (; !x.IsEmpty; x = x[(Rows * layout.Inputs)..])
        {
            MultiplyRows<TVector, TLanes>(
                x[..(Rows * layout.Inputs)], signs[..layout.Length], layout, bound,
                z[..(Rows * layout.Outputs)], work, firstTile, endTile);
            z = z[(Rows * layout.Outputs)..];
        }
    }

    private static void MultiplyRows<TVector, TLanes>(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound,
        Span<float> z, Span<float> work, int firstTile, int endTile)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        Span<float> columns = work[..ColumnsLength], tables = work.Slice(ColumnsLength, TablesLength);
        Span<float> sums = work.Slice(ColumnsLength + TablesLength, (endTile - firstTile) * TileLength);
        sums.Clear();
        for (int word = 0; word < layout.Words; word++)
        {
            int first = word * SignLayout.WordInputs, inputs = Math.Min(SignLayout.WordInputs, layout.Inputs - first);
            columns[(inputs * Rows)..].Clear();
            GemmPacking.PackRows(x[first..], layout.Inputs, Rows, inputs, Rows, columns);
            Build<TVector, TLanes>(columns, tables);
            for (int tile = firstTile; tile < endTile; tile++)
            {
                Span<float> tileSums = sums.Slice((tile - firstTile) * TileLength, TileLength);
                AddTile<TVector, TLanes>(tables, signs[(tile * layout.TileLength + word * SignLayout.TileOutputs)..], tileSums);
                if (word == layout.Words - 1) WriteRows(tileSums, layout, bound, tile, z);
            }
        }
    }

    // Effectively computes tables[g][entry][row] from columns [inputs, rows], rounded as in SumTables.
    private static void Build<TVector, TLanes>(ReadOnlySpan<float> columns, Span<float> tables)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float source = ref MemoryMarshal.GetReference(columns), target = ref MemoryMarshal.GetReference(tables);
        TVector negative = TLanes.Create(-1);
        for (int group = 0; group < WordGroups; group++)
        {
            for (int row = 0; row < Rows; row += TLanes.Count)
            {
                ref float input = ref Unsafe.Add(ref source, row);
                TVector x0 = TLanes.Load(ref input, 0), x1 = TLanes.Load(ref input, Rows);
                TVector x2 = TLanes.Load(ref input, 2 * Rows), x3 = TLanes.Load(ref input, 3 * Rows);
                TVector low1 = TLanes.Subtract(x0, x1), low3 = TLanes.Add(x0, x1);
                TVector high1 = TLanes.Subtract(x2, x3), high3 = TLanes.Add(x2, x3);
                TVector low0 = TLanes.Multiply(low3, negative), low2 = TLanes.Multiply(low1, negative);
                ref float entry = ref Unsafe.Add(ref target, row);
                StoreFour<TVector, TLanes>(low0, low1, low2, low3, TLanes.Multiply(high3, negative), ref entry);
                StoreFour<TVector, TLanes>(low0, low1, low2, low3, high1, ref Unsafe.Add(ref entry, 4 * Rows));
                StoreFour<TVector, TLanes>(
                    low0, low1, low2, low3, TLanes.Multiply(high1, negative), ref Unsafe.Add(ref entry, 8 * Rows));
                StoreFour<TVector, TLanes>(low0, low1, low2, low3, high3, ref Unsafe.Add(ref entry, 12 * Rows));
            }

            source = ref Unsafe.Add(ref source, GroupInputs * Rows);
            target = ref Unsafe.Add(ref target, TableLength);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour<TVector, TLanes>(
        TVector low0, TVector low1, TVector low2, TVector low3, TVector high, ref float entry)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TLanes.Store(TLanes.Add(low0, high), ref entry, 0);
        TLanes.Store(TLanes.Add(low1, high), ref entry, Rows);
        TLanes.Store(TLanes.Add(low2, high), ref entry, 2 * Rows);
        TLanes.Store(TLanes.Add(low3, high), ref entry, 3 * Rows);
    }

    // Adds 32 inputs to the sums [64 outputs][32 rows] of a tile, by four pairs of registers: four outputs where a pair
    // holds 32 rows (512 bits), fewer with narrower registers.
    private static void AddTile<TVector, TLanes>(ReadOnlySpan<float> tables, ReadOnlySpan<uint> signs, Span<float> sums)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nuint next = (nuint)TLanes.Count;
        int pair = 2 * TLanes.Count, outputs = 4 * pair / Rows;
        ref float sum = ref MemoryMarshal.GetReference(sums), table = ref MemoryMarshal.GetReference(tables);
        for (int output = 0; output < SignLayout.TileOutputs; output += outputs)
        {
            TVector a0 = TLanes.Load(ref sum, 0), a1 = TLanes.Load(ref sum, next);
            TVector b0 = TLanes.Load(ref sum, 2 * next), b1 = TLanes.Load(ref sum, 3 * next);
            TVector c0 = TLanes.Load(ref sum, 4 * next), c1 = TLanes.Load(ref sum, 5 * next);
            TVector d0 = TLanes.Load(ref sum, 6 * next), d1 = TLanes.Load(ref sum, 7 * next);
            ref uint word = ref Unsafe.Add(ref MemoryMarshal.GetReference(signs), output);
            ulong a = word, b = Unsafe.Add(ref word, pair / Rows);
            ulong c = Unsafe.Add(ref word, 2 * pair / Rows), d = Unsafe.Add(ref word, 3 * pair / Rows);
            AddGroup<TVector, TLanes>(0, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(1, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(2, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(3, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(4, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(5, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(6, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            AddGroup<TVector, TLanes>(7, ref table, a, b, c, d, ref a0, ref a1, ref b0, ref b1, ref c0, ref c1, ref d0, ref d1);
            TLanes.Store(a0, ref sum, 0);
            TLanes.Store(a1, ref sum, next);
            TLanes.Store(b0, ref sum, 2 * next);
            TLanes.Store(b1, ref sum, 3 * next);
            TLanes.Store(c0, ref sum, 4 * next);
            TLanes.Store(c1, ref sum, 5 * next);
            TLanes.Store(d0, ref sum, 6 * next);
            TLanes.Store(d1, ref sum, 7 * next);
            sum = ref Unsafe.Add(ref sum, outputs * Rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup<TVector, TLanes>(
        int group, ref float table, ulong a, ulong b, ulong c, ulong d,
        ref TVector a0, ref TVector a1, ref TVector b0, ref TVector b1,
        ref TVector c0, ref TVector c1, ref TVector d0, ref TVector d1)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int pair = 2 * TLanes.Count;
        AddPair<TVector, TLanes>(ref Entry(ref table, group, a), 0, ref a0, ref a1);
        AddPair<TVector, TLanes>(ref Entry(ref table, group, b), pair % Rows, ref b0, ref b1);
        AddPair<TVector, TLanes>(ref Entry(ref table, group, c), 2 * pair % Rows, ref c0, ref c1);
        AddPair<TVector, TLanes>(ref Entry(ref table, group, d), 3 * pair % Rows, ref d0, ref d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair<TVector, TLanes>(ref float entry, int offset, ref TVector first, ref TVector second)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        first = TLanes.Add(first, TLanes.Load(ref entry, (nuint)offset));
        second = TLanes.Add(second, TLanes.Load(ref entry, (nuint)(offset + TLanes.Count)));
    }

    // One rotation makes a byte offset of a group's four signs: entry · 32 rows · 4 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Entry(ref float table, int group, ulong signs)
    {
        const int EntryBits = RowBits + 2;
        ulong bytes = BitOperations.RotateRight(signs, GroupInputs * group - EntryBits) & (SumTables.Entries - 1) << EntryBits;
        return ref Unsafe.AddByteOffset(ref Unsafe.Add(ref table, group * TableLength), (nuint)bytes);
    }

    private static void WriteRows(Span<float> sums, SignLayout layout, float bound, int tile, Span<float> z)
    {
        int first = tile * SignLayout.TileOutputs, outputs = Math.Min(SignLayout.TileOutputs, layout.Outputs - first);
        Span<float> present = sums[..(outputs * Rows)];
        TensorPrimitives.Multiply(present, bound, present);
        Transposition.Transpose(present, z[first..], Rows, layout.Outputs);
    }
}
