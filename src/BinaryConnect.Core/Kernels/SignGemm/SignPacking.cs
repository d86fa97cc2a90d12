using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// Packs the signs of weights [outputs, inputs], latent or binarized, into a <see cref="SignLayout"/>: a bit is 0 where
/// the weight is below 0, else 1, so 0, −0 and NaN count as positive. From the same weights,
/// <see cref="Pack(ReadOnlySpan{float}, SignLayout, Span{uint})"/> serves X·Wᵀ and
/// <see cref="PackTransposed(ReadOnlySpan{float}, SignLayout, Span{uint})"/> serves G·W.
/// </summary>
/// <remarks>
/// Pack: lanes run along a row, and the comparisons of 32 weights become the bits of a word. PackTransposed: a lane is
/// a word, into which 32 rows shift a bit each. No masks: the remaining inputs, or columns, are packed bit by bit.
/// </remarks>
internal static class SignPacking
{
    private const int WordInputs = SignLayout.WordInputs;

    /// <summary>
    /// Effectively sets bit k % 32 of packed[layout.IndexOf(j, k / 32)] to !(weights[j, k] &lt; 0), all others to 0.
    /// </summary>
    public static void Pack(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
    {
        if (Vector512.IsHardwareAccelerated) Pack<Vector512<uint>, SignMasks512>(weights, layout, packed);
        else if (Vector256.IsHardwareAccelerated) Pack<Vector256<uint>, SignMasks256>(weights, layout, packed);
        else if (Vector128.IsHardwareAccelerated) Pack<Vector128<uint>, SignMasks128>(weights, layout, packed);
        else PackScalar(weights, layout, packed);
    }

    /// <summary>
    /// Effectively sets bit j % 32 of packed[layout.Transposed.IndexOf(k, j / 32)] to !(weights[j, k] &lt; 0), every
    /// other bit to 0. <paramref name="layout"/> is that of the weights; <paramref name="packed"/> has the transposed
    /// layout.
    /// </summary>
    public static void PackTransposed(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
    {
        if (Vector512.IsHardwareAccelerated) PackTransposed<Vector512<uint>, SignMasks512>(weights, layout, packed);
        else if (Vector256.IsHardwareAccelerated) PackTransposed<Vector256<uint>, SignMasks256>(weights, layout, packed);
        else if (Vector128.IsHardwareAccelerated) PackTransposed<Vector128<uint>, SignMasks128>(weights, layout, packed);
        else PackTransposedScalar(weights, layout, packed);
    }

    /// <summary>
    /// Effectively computes weights[j, k] = bound where bit k % 32 of packed[layout.IndexOf(j, k / 32)] is 1, −bound
    /// where it is 0.
    /// </summary>
    public static void Unpack(ReadOnlySpan<uint> packed, SignLayout layout, float bound, Span<float> weights)
    {
        for (int j = 0; j < layout.Outputs; j++)
        {
            Span<float> row = weights.Slice(j * layout.Inputs, layout.Inputs);
            for (int k = 0; k < row.Length; k++)
                row[k] = (packed[layout.IndexOf(j, k / WordInputs)] >> k % WordInputs & 1) != 0 ? bound : -bound;
        }
    }

    /// <summary>
    /// Packs some outputs for both products: the rows <paramref name="weights"/> [.., inputs], which begin at output
    /// <paramref name="first"/>, a multiple of 32. The bits of other outputs stay as they are: clear the memory before.
    /// </summary>
    public static void PackRows(
        ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed, Span<uint> transposed)
    {
        if (Vector512.IsHardwareAccelerated)
            PackRows<Vector512<uint>, SignMasks512>(weights, first, layout, packed, transposed);
        else if (Vector256.IsHardwareAccelerated)
            PackRows<Vector256<uint>, SignMasks256>(weights, first, layout, packed, transposed);
        else if (Vector128.IsHardwareAccelerated)
            PackRows<Vector128<uint>, SignMasks128>(weights, first, layout, packed, transposed);
        else
            PackRowsScalar(weights, first, layout, packed, transposed);
    }

    /// <summary>
    /// The same for the transposed product alone, as <see cref="PackTransposed(ReadOnlySpan{float}, SignLayout,
    /// Span{uint})"/> lays it out.
    /// </summary>
    public static void PackTransposedRows(ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> transposed)
    {
        if (Vector512.IsHardwareAccelerated)
            TransposedRows<Vector512<uint>, SignMasks512>(weights, first, layout, transposed);
        else if (Vector256.IsHardwareAccelerated)
            TransposedRows<Vector256<uint>, SignMasks256>(weights, first, layout, transposed);
        else if (Vector128.IsHardwareAccelerated)
            TransposedRows<Vector128<uint>, SignMasks128>(weights, first, layout, transposed);
        else
            TransposedRowsScalar(weights, first, layout, transposed);
    }

    /// <summary>
    /// The definition of <see cref="PackRows(ReadOnlySpan{float}, int, SignLayout, Span{uint}, Span{uint})"/>.
    /// </summary>
    public static void PackRowsScalar(
        ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed, Span<uint> transposed)
    {
        ForwardRowsScalar(weights, first, layout, packed);
        TransposedRowsScalar(weights, first, layout, transposed);
    }

    // 32 outputs at a time: the second pass over their weights finds them in the core's own cache.
    public static void PackRows<TVector, TMasks>(
        ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed, Span<uint> transposed)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        for (long band = (long)WordInputs * layout.Inputs; !weights.IsEmpty; first += WordInputs)
        {
            ReadOnlySpan<float> rows = weights[..(int)Math.Min(band, weights.Length)];
            ForwardRows<TVector, TMasks>(rows, first, layout, packed);
            TransposedRows<TVector, TMasks>(rows, first, layout, transposed);
            weights = weights[rows.Length..];
        }
    }

    /// <summary>The definition of <see cref="Pack(ReadOnlySpan{float}, SignLayout, Span{uint})"/>.</summary>
    public static void PackScalar(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
    {
        packed[..layout.Length].Clear();
        ForwardRowsScalar(weights, 0, layout, packed);
    }

    /// <summary>The definition of <see cref="PackTransposed(ReadOnlySpan{float}, SignLayout, Span{uint})"/>.</summary>
    public static void PackTransposedScalar(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
    {
        packed[..layout.Transposed.Length].Clear();
        TransposedRowsScalar(weights, 0, layout, packed);
    }

    public static void Pack<TVector, TMasks>(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        ClearPadding(layout, packed);
        ForwardRows<TVector, TMasks>(weights, 0, layout, packed);
    }

    public static void PackTransposed<TVector, TMasks>(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        ClearPadding(layout.Transposed, packed);
        TransposedRows<TVector, TMasks>(weights, 0, layout, packed);
    }

    private static void ForwardRowsScalar(ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed)
    {
        for (int j = 0; j < weights.Length / layout.Inputs; j++)
        {
            for (int word = 0; word < layout.Words; word++)
            {
                uint bits = 0;
                for (int k = word * WordInputs; k < Math.Min((word + 1) * WordInputs, layout.Inputs); k++)
                    bits |= Bit(weights[j * layout.Inputs + k]) << k % WordInputs;
                packed[layout.IndexOf(first + j, word)] = bits;
            }
        }
    }

    private static void TransposedRowsScalar(ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed)
    {
        int outputs = weights.Length / layout.Inputs;
        for (int start = 0; start < outputs; start += WordInputs)
        {
            for (int k = 0; k < layout.Inputs; k++)
            {
                uint bits = 0;
                for (int j = start; j < Math.Min(start + WordInputs, outputs); j++)
                    bits |= Bit(weights[j * layout.Inputs + k]) << j % WordInputs;
                packed[layout.Transposed.IndexOf(k, (first + start) / WordInputs)] = bits;
            }
        }
    }

    // Lanes run along a row of weights: a comparison gives a bit a lane, and 32 bits make a word.
    private static void ForwardRows<TVector, TMasks>(ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        int whole = layout.Inputs / WordInputs, end = first + weights.Length / layout.Inputs;
        ref float row = ref MemoryMarshal.GetReference(weights);
        ref uint start = ref MemoryMarshal.GetReference(packed);
        for (int j = first; j < end; j++)
        {
            ref uint target = ref Unsafe.Add(ref start, layout.IndexOf(j, 0));
            for (int word = 0; word < whole; word++)
            {
                target = ~TMasks.NegativeWord(ref Unsafe.Add(ref row, word * WordInputs));
                target = ref Unsafe.Add(ref target, SignLayout.TileOutputs);
            }

            if (whole < layout.Words)
            {
                uint bits = 0;
                for (int k = whole * WordInputs; k < layout.Inputs; k++) bits |= Bit(Unsafe.Add(ref row, k)) << k;
                target = bits;
            }

            row = ref Unsafe.Add(ref row, layout.Inputs);
        }
    }

    // Lanes run along a row, a word a lane. Each of 32 rows shifts its signs in at the top bit. With fewer rows, a last
    // shift by the number of missing rows follows.
    private static void TransposedRows<TVector, TMasks>(
        ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        SignLayout transposed = layout.Transposed;
        int inputs = layout.Inputs, outputs = weights.Length / inputs, strip = 4 * TMasks.Count;
        ref uint start = ref MemoryMarshal.GetReference(packed);
        for (int j = 0; j < outputs; j += WordInputs)
        {
            int rows = Math.Min(WordInputs, outputs - j), k = 0, word = (first + j) / WordInputs;
            ref float source = ref Unsafe.Add(ref MemoryMarshal.GetReference(weights), (nint)j * inputs);
            for (; k <= inputs - strip; k += strip)
                Strip<TVector, TMasks>(
                    ref Unsafe.Add(ref source, k), rows, inputs, ref Unsafe.Add(ref start, transposed.IndexOf(k, word)));
            for (; k <= inputs - TMasks.Count; k += TMasks.Count)
                Column<TVector, TMasks>(
                    ref Unsafe.Add(ref source, k), rows, inputs, ref Unsafe.Add(ref start, transposed.IndexOf(k, word)));
            for (; k < inputs; k++)
            {
                uint bits = 0;
                for (int i = 0; i < rows; i++) bits |= Bit(Unsafe.Add(ref source, (nint)i * inputs + k)) << i;
                Unsafe.Add(ref start, transposed.IndexOf(k, word)) = bits;
            }
        }
    }

    // Packs four registers of columns, at most a tile, which reads adjacent cache lines of a row together.
    private static void Strip<TVector, TMasks>(ref float source, int rows, int inputs, ref uint destination)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        nuint next = (nuint)TMasks.Count;
        TVector a = default, b = default, c = default, d = default;
        for (int i = 0; i < rows; i++)
        {
            a = TMasks.PushNegative(a, ref source, 0);
            b = TMasks.PushNegative(b, ref source, next);
            c = TMasks.PushNegative(c, ref source, 2 * next);
            d = TMasks.PushNegative(d, ref source, 3 * next);
            source = ref Unsafe.Add(ref source, inputs);
        }

        int shift = WordInputs - rows;
        TMasks.StoreInverted(a, shift, ref destination, 0);
        TMasks.StoreInverted(b, shift, ref destination, next);
        TMasks.StoreInverted(c, shift, ref destination, 2 * next);
        TMasks.StoreInverted(d, shift, ref destination, 3 * next);
    }

    private static void Column<TVector, TMasks>(ref float source, int rows, int inputs, ref uint destination)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        TVector words = default;
        for (int i = 0; i < rows; i++)
        {
            words = TMasks.PushNegative(words, ref source, 0);
            source = ref Unsafe.Add(ref source, inputs);
        }

        TMasks.StoreInverted(words, WordInputs - rows, ref destination, 0);
    }

    // Clears the words that no weight sets: absent outputs of the last tile, and the word after it.
    private static void ClearPadding(SignLayout layout, Span<uint> packed)
    {
        Span<uint> all = packed[..layout.Length];
        all[^1] = 0;
        if (layout.Outputs % SignLayout.TileOutputs != 0) all[^(layout.TileLength + 1)..].Clear();
    }

    private static uint Bit(float weight) => weight < 0 ? 0u : 1u;
}
