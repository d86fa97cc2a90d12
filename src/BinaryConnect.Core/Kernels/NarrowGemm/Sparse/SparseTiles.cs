using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.NarrowGemm.Sparse;

/// <summary>
/// The products of <see cref="ForwardTiles"/> and <see cref="WeightGradientTiles"/> that skip blocks of inputs that are
/// all 0. Lanes are the eight inputs of a block, one 256-bit register; ten outputs take ten registers for sums. No
/// masks: inputs past the last block are added one by one.
/// </summary>
internal static class SparseTiles
{
    /// <summary>The outputs of a tile, and the fewest outputs.</summary>
    public const int TileOutputs = 10;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, k], w [m, k], z [n, m]. It also finds the nonzero
    /// blocks of x, from row <paramref name="first"/> of <paramref name="blocks"/> on.
    /// </summary>
    // Keep this out of line: inlined into its callers up to the training step, its loop would lack registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyTransposed<TElement, TInput>(
        TInput x, ReadOnlySpan<float> w, Span<float> z, NonzeroBlocks blocks, int first)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int inner = x.Width, outputs = w.Length / inner;
        ref float ws = ref MemoryMarshal.GetReference(w), zs = ref MemoryMarshal.GetReference(z);
        for (int i = 0; i < x.Count; i++)
        {
            ref TElement inputs = ref x.Start(i);
            blocks.FindRow(ref inputs, first + i);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                int output = Math.Min(j, outputs - TileOutputs);
                Dot<TElement, TInput>(
                    ref inputs,
                    blocks,
                    first + i,
                    ref Unsafe.Add(ref ws, (nint)output * inner),
                    ref Unsafe.Add(ref zs, (nint)i * outputs + output),
                    inner);
            }
        }
    }

    // One row by ten outputs: z [10] from x [k], w [10, k].
    private static void Dot<TElement, TInput>(ref TElement x, NonzeroBlocks blocks, int row, ref float w, ref float z, int inner)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        nint once = inner, twice = 2 * once, thrice = 3 * once, fourfold = 4 * once;
        Vector256<float> s0 = default, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
        nuint start = 0;
        for (int word = 0; word < blocks.Words; word++)
        {
            for (ulong bits = blocks.Word(word, row); bits != 0; bits &= bits - 1)
            {
                nuint k = start + (nuint)BitOperations.TrailingZeroCount(bits) * (nuint)Lanes256.Count;
                ref float low = ref Unsafe.Add(ref w, k), high = ref Unsafe.Add(ref low, 5 * once);
                Vector256<float> a = TInput.Load(ref x, k);
                s0 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref low, 0), s0);
                s1 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref low, once), 0), s1);
                s2 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref low, twice), 0), s2);
                s3 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref low, thrice), 0), s3);
                s4 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref low, fourfold), 0), s4);
                s5 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref high, 0), s5);
                s6 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref high, once), 0), s6);
                s7 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref high, twice), 0), s7);
                s8 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref high, thrice), 0), s8);
                s9 = Lanes256.MultiplyAdd(a, Lanes256.Load(ref Unsafe.Add(ref high, fourfold), 0), s9);
            }

            start += (nuint)(NonzeroBlocks.OfWord * Lanes256.Count);
        }

        Lanes256.SumFour(s0, s1, s2, s3).StoreUnsafe(ref z);
        Lanes256.SumFour(s4, s5, s6, s7).StoreUnsafe(ref z, 4);
        Unsafe.Add(ref z, 8) = Lanes256.Sum(s8);
        Unsafe.Add(ref z, 9) = Lanes256.Sum(s9);
        for (int k = inner - inner % Lanes256.Count; k < inner; k++)
        {
            float input = TInput.ToFloat(Unsafe.Add(ref x, k));
            for (int j = 0; j < TileOutputs; j++) Unsafe.Add(ref z, j) += input * Unsafe.Add(ref w, j * once + k);
        }
    }

    /// <summary>
    /// Effectively computes d[j, k] = scale · Σ_i g[i, j] · x[i, k] for g [n, m], x [n, k], d [m, k] and the inputs k
    /// from <paramref name="start"/>, a multiple of a block, up to <paramref name="end"/>. Sums run down the rows, as
    /// in <see cref="WeightGradientTiles"/>. Meanwhile it copies the rows of the next batch, <paramref name="ahead"/>.
    /// </summary>
    [SkipLocalsInit]
    public static void TransposeMultiply<TElement, TInput>(
        ReadOnlySpan<float> g, TInput x, NonzeroBlocks blocks, Span<float> d,
        float scale, int start, int end, NextBatchRows ahead)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int inner = x.Width, outputs = d.Length / inner, whole = end - (end - start) % NonzeroBlocks.Size;
        Span<ulong> rows = stackalloc ulong[blocks.RowsRoundedUp / NonzeroBlocks.OfWord];
        var lines = new RowPrefetcher(ahead, ahead.Count == 0 ? 0 : blocks.Count());
        ref float gs = ref MemoryMarshal.GetReference(g), ds = ref MemoryMarshal.GetReference(d);
        for (int column = start; column < whole; column += NonzeroBlocks.Size)
        {
            lines.KeepUp(column - start, whole - start);
            blocks.RowsOf(column / NonzeroBlocks.Size, rows);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                int output = Math.Min(j, outputs - TileOutputs);
                ref float factors = ref Unsafe.Add(ref gs, output), tile = ref Unsafe.Add(ref ds, (nint)output * inner + column);
                Outer<TElement, TInput>(
                    ref factors, ref Unsafe.Add(ref x.Start(0), column), x.Stride, rows, ref tile,
                    outputs, inner, scale, ref lines);
            }
        }

        lines.Finish();
        if (whole < end)
            WeightGradientTiles.Multiply<TElement, Vector256<float>, Lanes256, TInput>(g, x, d, scale, whole, end, default);
    }

    // One block of inputs by ten outputs: d [10, 8] from g [n, 10], x [n, 8], over the rows whose bit is set.
    private static void Outer<TElement, TInput>(
        ref float g, ref TElement x, nint stride, scoped ReadOnlySpan<ulong> rows,
        ref float d, nint outputs, nint inner, float scale, ref RowPrefetcher ahead)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        Vector256<float> s0 = default, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
        nint start = 0;
        int iteration = 0;
        foreach (ulong word in rows)
        {
            for (ulong bits = word; bits != 0; bits &= bits - 1)
            {
                nint i = start + BitOperations.TrailingZeroCount(bits);
                Vector256<float> a = TInput.Load(ref Unsafe.Add(ref x, i * stride), 0);
                ref float factors = ref Unsafe.Add(ref g, i * outputs);
                s0 = Lanes256.MultiplyAdd(a, Lanes256.Create(factors), s0);
                s1 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 1)), s1);
                s2 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 2)), s2);
                s3 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 3)), s3);
                s4 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 4)), s4);
                s5 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 5)), s5);
                s6 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 6)), s6);
                s7 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 7)), s7);
                s8 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 8)), s8);
                s9 = Lanes256.MultiplyAdd(a, Lanes256.Create(Unsafe.Add(ref factors, 9)), s9);
                ahead.Step(iteration++);
            }

            start += NonzeroBlocks.OfWord;
        }

        Vector256<float> factor = Lanes256.Create(scale);
        Store(s0, factor, ref d);
        Store(s1, factor, ref Unsafe.Add(ref d, inner));
        Store(s2, factor, ref Unsafe.Add(ref d, 2 * inner));
        Store(s3, factor, ref Unsafe.Add(ref d, 3 * inner));
        Store(s4, factor, ref Unsafe.Add(ref d, 4 * inner));
        Store(s5, factor, ref Unsafe.Add(ref d, 5 * inner));
        Store(s6, factor, ref Unsafe.Add(ref d, 6 * inner));
        Store(s7, factor, ref Unsafe.Add(ref d, 7 * inner));
        Store(s8, factor, ref Unsafe.Add(ref d, 8 * inner));
        Store(s9, factor, ref Unsafe.Add(ref d, 9 * inner));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> sums, Vector256<float> factor, ref float destination) =>
        Lanes256.Store(Lanes256.Multiply(sums, factor), ref destination, 0);
}
