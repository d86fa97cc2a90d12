using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The product of float inputs and ±bound weights, given by their packed signs. It only adds and subtracts inputs; the
/// bound multiplies the finished sums. Where a vector permutation serves as a table lookup, four inputs cost one
/// lookup in a sum table and one addition.
/// </summary>
/// <remarks>
/// With u = 2⁻²⁴, the error of a result is at most (K / 4 + 2) · u · bound · Σ|x|, without terms in u²: inputs are
/// summed in groups of four. All forms but the scalar one give the same bits. The scalar form adds one input at a time,
/// with an error of at most K · u · bound · Σ|x|. A row's results depend neither on other rows nor on how threads
/// divide the tiles. The work space is best from <see cref="AlignedBuffer"/>.
/// </remarks>
internal static class SignGemm
{
    private const int TileOutputs = SignLayout.TileOutputs;
    private const int TileRows = 4;

    // 32 rows side by side (SignMicroKernel32Rows) need only loads and additions. Table lookups win where
    // permutations have units of their own.
    private static readonly bool HasRowsSideBySide = !CpuTuning.PermutesApart;

    /// <summary>The number of rows of which a thread's part is best a multiple.</summary>
    public static int RowStep => HasRowsSideBySide ? SignMicroKernel32Rows.Rows : TileRows;

    /// <summary>
    /// The most rows of a product with that many outputs. z must fit a buffer, and so must the work space of
    /// <see cref="SignMicroKernel32Rows"/>, if there are enough rows to use it.
    /// </summary>
    public static int MostRows(int outputs)
    {
        int most = AlignedBuffer.MostLength / outputs;
        bool fits = SignMicroKernel32Rows.WorkLength(new SignLayout(outputs, 1)) <= AlignedBuffer.MostLength;
        return fits ? most : Math.Min(most, SignMicroKernel32Rows.Rows - 1);
    }

    /// <summary>The floats of work space of a product, for any number of rows up to <see cref="MostRows"/>.</summary>
    public static int WorkLength(SignLayout layout)
    {
        long columns = SignMicroKernel32Rows.WorkLength(layout), tables = (long)TileRows * SumTables.Entries * Groups(layout);
        return checked((int)(columns > AlignedBuffer.MostLength ? tables : Math.Max(columns, tables)));
    }

    /// <summary>
    /// Effectively computes z[i, j] = bound · Σ_k s[j, k] · x[i, k] for x [n, inputs], z [n, outputs] and the signs s
    /// that <paramref name="signs"/> holds in <paramref name="layout"/>. z and work overlap nothing.
    /// </summary>
    public static void Multiply(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound, Span<float> z, Span<float> work) =>
        Multiply(x, signs, layout, bound, z, work, 0, layout.Tiles);

    /// <summary>
    /// The same for the outputs of the tiles from <paramref name="firstTile"/> up to <paramref name="endTile"/> only.
    /// Other outputs are left alone.
    /// </summary>
    public static void Multiply(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound,
        Span<float> z, Span<float> work, int firstTile, int endTile)
    {
        int columns = HasRowsSideBySide ? SignMicroKernel32Rows.Take(x.Length / layout.Inputs) : 0;
        SignMicroKernel32Rows.Multiply(x[..(columns * layout.Inputs)], signs, layout, bound, z, work, firstTile, endTile);
        x = x[(columns * layout.Inputs)..];
        z = z[(columns * layout.Outputs)..];
        if (Avx512F.IsSupported)
            Multiply<SignMicroKernel512>(x, signs, layout, bound, z, work, firstTile, endTile);
        else if (Avx2.IsSupported)
            Multiply<SignMicroKernel256>(x, signs, layout, bound, z, work, firstTile, endTile);
        else if (AdvSimd.Arm64.IsSupported)
            Multiply<SignMicroKernelArm64>(x, signs, layout, bound, z, work, firstTile, endTile);
        else if (Vector128.IsHardwareAccelerated)
            Multiply<SignMicroKernel128>(x, signs, layout, bound, z, work, firstTile, endTile);
        else
            MultiplyScalar(x, signs, layout, bound, z, firstTile, endTile);
    }

    /// <summary>The definition of the product, one input after the other.</summary>
    public static void MultiplyScalar(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound,
        Span<float> z, int firstTile, int endTile)
    {
        int inputs = layout.Inputs, outputs = layout.Outputs, end = Math.Min(endTile * TileOutputs, outputs);
        for (int i = 0; i < x.Length / inputs; i++)
        {
            for (int j = firstTile * TileOutputs; j < end; j++)
            {
                float sum = 0;
                for (int k = 0; k < inputs; k++)
                {
                    float sign =
                        (signs[layout.IndexOf(j, k / SignLayout.WordInputs)] >> k % SignLayout.WordInputs & 1) != 0 ? 1 : -1;
                    sum += sign * x[i * inputs + k];
                }

                z[i * outputs + j] = bound * sum;
            }
        }
    }

    // Prepares four rows at a time, few enough for a core's caches, and multiplies them by every tile of signs. The
    // remaining rows are computed one by one.
    public static void Multiply<TTiles>(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound,
        Span<float> z, Span<float> work, int firstTile, int endTile)
        where TTiles : struct, ISignMicroKernel
    {
        int inputs = layout.Inputs, rows = x.Length / inputs, groups = Groups(layout), i = 0;
        if (firstTile >= endTile) return;
        signs = signs[..layout.Length];
        z = z[..(rows * layout.Outputs)];
        work = work[..(TileRows * TTiles.GroupFloats * groups)];
        for (; i <= rows - TileRows; i += TileRows)
        {
            for (int row = 0; row < TileRows; row++)
                TTiles.Prepare(
                    x.Slice((i + row) * inputs, inputs),
                    groups,
                    work[(row * TTiles.GroupFloats)..],
                    TileRows * TTiles.GroupFloats);
            FourRows<TTiles>(work, signs, layout, bound, z[(i * layout.Outputs)..], firstTile, endTile);
        }

        for (; i < rows; i++)
        {
            TTiles.Prepare(x.Slice(i * inputs, inputs), groups, work, TTiles.GroupFloats);
            OneRow<TTiles>(work, signs, layout, bound, z.Slice(i * layout.Outputs, layout.Outputs), firstTile, endTile);
        }
    }

    private static void FourRows<TTiles>(
        Span<float> tables, ReadOnlySpan<uint> signs, SignLayout layout, float bound, Span<float> z, int firstTile, int endTile)
        where TTiles : struct, ISignMicroKernel
    {
        ref float table = ref MemoryMarshal.GetReference(tables);
        int outputs = layout.Outputs, whole = Math.Min(endTile, outputs / TileOutputs), bytes = (layout.Inputs + 7) / 8;
        for (int tile = firstTile; tile < whole; tile++)
            TTiles.FourRows(ref table, ref Tile(signs, layout, tile), bytes, bound, ref z[tile * TileOutputs], outputs);
        if (whole == endTile) return;

        // The last tile has fewer outputs than sums: it goes to a buffer.
        Span<float> sums = stackalloc float[TileRows * TileOutputs];
        int from = whole * TileOutputs;
        TTiles.FourRows(ref table, ref Tile(signs, layout, whole), bytes, bound, ref sums[0], TileOutputs);
        for (int row = 0; row < TileRows; row++)
            sums.Slice(row * TileOutputs, outputs - from).CopyTo(z[(row * outputs + from)..]);
    }

    private static void OneRow<TTiles>(
        Span<float> tables, ReadOnlySpan<uint> signs, SignLayout layout, float bound, Span<float> z, int firstTile, int endTile)
        where TTiles : struct, ISignMicroKernel
    {
        ref float table = ref MemoryMarshal.GetReference(tables);
        int whole = Math.Min(endTile, layout.Outputs / TileOutputs), tile = firstTile;
        for (; tile <= whole - 2; tile += 2)
            TTiles.OneRowTwoTiles(ref table, ref Tile(signs, layout, tile), layout.Words, bound, ref z[tile * TileOutputs]);
        for (; tile < whole; tile++)
            TTiles.OneRow(ref table, ref Tile(signs, layout, tile), layout.Words, bound, ref z[tile * TileOutputs]);
        if (whole == endTile) return;

        Span<float> sums = stackalloc float[TileOutputs];
        int from = whole * TileOutputs;
        TTiles.OneRow(ref table, ref Tile(signs, layout, whole), layout.Words, bound, ref sums[0]);
        sums[..(layout.Outputs - from)].CopyTo(z[from..]);
    }

    private static ref uint Tile(ReadOnlySpan<uint> signs, SignLayout layout, int tile) =>
        ref Unsafe.Add(ref MemoryMarshal.GetReference(signs), (nint)tile * layout.TileLength);

    private static int Groups(SignLayout layout) => layout.Words * (SignLayout.WordInputs / SumTables.GroupInputs);
}
