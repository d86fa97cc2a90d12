using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>
/// The products of <see cref="DotTiles"/> and <see cref="OuterTiles"/> without the pieces of eight inputs that are all 0. A piece fills
/// 256 bits; wider registers would hold fewer zeros to leave out. Ten outputs take ten registers for sums.
/// </summary>
internal static class PieceTiles
{
    /// <summary>The fewest outputs.</summary>
    public const int TileOutputs = 10;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, k], w [m, k], z [n, m], and finds the pieces of x, whose first row is their row
    /// <paramref name="first"/>.
    /// </summary>
    // The JIT would inline it into all its callers up to the step, where its loop has no registers left: half as long again.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyTransposed<TElement, TInput>(TInput x, ReadOnlySpan<float> w, Span<float> z, NonzeroPieces pieces, int first)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int inner = x.Width, outputs = w.Length / inner;
        ref float ws = ref MemoryMarshal.GetReference(w), zs = ref MemoryMarshal.GetReference(z);
        for (int i = 0; i < x.Count; i++)
        {
            ref TElement inputs = ref x.Start(i);
            pieces.Find<TElement, TInput>(ref inputs, first + i);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                int output = Math.Min(j, outputs - TileOutputs);
                Dot<TElement, TInput>(ref inputs, pieces, first + i, ref Unsafe.Add(ref ws, (nint)output * inner), ref Unsafe.Add(ref zs, (nint)i * outputs + output), inner);
            }
        }
    }

    private static void Dot<TElement, TInput>(ref TElement x, NonzeroPieces pieces, int row, ref float w, ref float z, int inner)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        nint once = inner, twice = 2 * once, thrice = 3 * once, fourfold = 4 * once;
        Vector256<float> s0 = default, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
        nuint start = 0;
        for (int word = 0; word < pieces.Words; word++)
        {
            for (ulong bits = pieces.Word(word, row); bits != 0; bits &= bits - 1)
            {
                nuint k = start + (nuint)BitOperations.TrailingZeroCount(bits) * NonzeroPieces.Size;
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

            start += NonzeroPieces.OfWord * NonzeroPieces.Size;
        }

        LaneSums.Four(Lanes256.Fold(s0), Lanes256.Fold(s1), Lanes256.Fold(s2), Lanes256.Fold(s3)).StoreUnsafe(ref z);
        LaneSums.Four(Lanes256.Fold(s4), Lanes256.Fold(s5), Lanes256.Fold(s6), Lanes256.Fold(s7)).StoreUnsafe(ref z, 4);
        Unsafe.Add(ref z, 8) = Lanes256.Sum(s8);
        Unsafe.Add(ref z, 9) = Lanes256.Sum(s9);
        for (int k = inner - inner % NonzeroPieces.Size; k < inner; k++)
        {
            float input = TInput.ToFloat(Unsafe.Add(ref x, k));
            for (int j = 0; j < TileOutputs; j++) Unsafe.Add(ref z, j) += input * Unsafe.Add(ref w, j * once + k);
        }
    }

    /// <summary>
    /// Effectively computes d[j, k] = scale · Σ_i g[i, j] · x[i, k] for g [n, m], x [n, k], d [m, k] and the inputs k from
    /// <paramref name="start"/>, a multiple of eight, up to <paramref name="end"/>. Each sum runs down the rows, as in <see cref="OuterTiles"/>. Meanwhile
    /// the rows of the next batch are asked for.
    /// </summary>
    [SkipLocalsInit]
    public static void TransposeMultiply<TElement, TInput>(
        ReadOnlySpan<float> g, TInput x, NonzeroPieces pieces, Span<float> d, float scale, int start, int end, ByteRows ahead)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int inner = x.Width, outputs = d.Length / inner, whole = end - (end - start) % NonzeroPieces.Size;
        Span<byte> bytes = stackalloc byte[pieces.RowsRoundedUp];
        Span<ulong> rows = stackalloc ulong[bytes.Length / NonzeroPieces.OfWord];
        var lines = new LinesAhead(ahead, (whole - start) / NonzeroPieces.Size);
        ref float gs = ref MemoryMarshal.GetReference(g), ds = ref MemoryMarshal.GetReference(d);
        for (int column = start; column < whole; column += NonzeroPieces.Size)
        {
            lines.AskForPages();
            lines.AskForShare();
            int piece = column / NonzeroPieces.Size;
            if (column == start || piece % NonzeroPieces.OfByte == 0) pieces.BytesOf(piece, bytes);
            pieces.RowsOf(piece, bytes, rows);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                int output = Math.Min(j, outputs - TileOutputs);
                Outer<TElement, TInput>(ref Unsafe.Add(ref gs, output), x, column, rows, ref Unsafe.Add(ref ds, (nint)output * inner + column), outputs, scale);
            }
        }

        if (whole < end) OuterTiles.Multiply<TElement, Vector256<float>, Lanes256, TInput>(g, x, d, scale, whole, end, default);
    }

    private static void Outer<TElement, TInput>(ref float g, TInput x, int column, ReadOnlySpan<ulong> rows, ref float d, int outputs, float scale)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        Vector256<float> s0 = default, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
        nuint start = 0, distance = (nuint)outputs;
        foreach (ulong word in rows)
        {
            for (ulong bits = word; bits != 0; bits &= bits - 1)
            {
                nuint i = start + (nuint)BitOperations.TrailingZeroCount(bits);
                Vector256<float> a = TInput.Load(ref x.Start((int)i), (nuint)column);
                ref float factors = ref Unsafe.Add(ref g, i * distance);
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
            }

            start += NonzeroPieces.OfWord;
        }

        int inner = x.Width;
        Vector256<float> factor = Lanes256.Create(scale);
        (s0 * factor).StoreUnsafe(ref d);
        (s1 * factor).StoreUnsafe(ref Unsafe.Add(ref d, inner));
        (s2 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 2 * (nint)inner));
        (s3 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 3 * (nint)inner));
        (s4 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 4 * (nint)inner));
        (s5 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 5 * (nint)inner));
        (s6 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 6 * (nint)inner));
        (s7 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 7 * (nint)inner));
        (s8 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 8 * (nint)inner));
        (s9 * factor).StoreUnsafe(ref Unsafe.Add(ref d, 9 * (nint)inner));
    }
}
