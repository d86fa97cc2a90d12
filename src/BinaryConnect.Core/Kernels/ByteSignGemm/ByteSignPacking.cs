using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>Packs signs as sbytes, in the layout of <see cref="ByteSignGemm"/>: [outputs][blocks][64].</summary>
internal static class ByteSignPacking
{
    /// <summary>
    /// Packs the signs of weights [m, k]: −1 for negative ones, else +1, and 0 where the last block repeats inputs.
    /// </summary>
    /// <returns>Whether all weights are ±<paramref name="bound"/>.</returns>
    public static bool Pack(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs, int inner)
    {
        int stride = ByteSignGemm.Stride(inner), rest = inner % ByteSignGemm.Block, whole = inner - rest;
        bool isBinary = true;
        for (int j = 0; j < weights.Length / inner; j++)
        {
            ReadOnlySpan<float> row = weights.Slice(j * inner, inner);
            Span<sbyte> packed = signs.Slice(j * stride, stride), last = packed[whole..];
            isBinary &= PackBlocks(row[..whole], bound, packed);
            if (inner < ByteSignGemm.Block)
            {
                isBinary &= PackFew(row, bound, last);
                last[rest..].Clear();
            }
            else if (rest > 0)
            {
                isBinary &= PackBlocks(row[^ByteSignGemm.Block..], bound, last);
                last[..^rest].Clear();
            }
        }

        return isBinary;
    }

    private static bool PackFew(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        bool isBinary = true;
        for (int k = 0; k < weights.Length; k++)
        {
            signs[k] = (sbyte)(weights[k] < 0 ? -1 : 1);
            isBinary &= MathF.Abs(weights[k]) == bound;
        }

        return isBinary;
    }

    // 64 weights an iteration. 'differ' collects the bits in which weights differ from the bound; the end drops signs.
    private static bool PackBlocks(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        ref float source = ref MemoryMarshal.GetReference(weights);
        ref sbyte target = ref MemoryMarshal.GetReference(signs);
        Vector512<float> bounds = Vector512.Create(bound), differ = Vector512<float>.Zero;
        for (nuint k = 0; k < (nuint)weights.Length; k += ByteSignGemm.Block)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref source, k), b = Vector512.LoadUnsafe(ref source, k + 16);
            Vector512<float> c = Vector512.LoadUnsafe(ref source, k + 32), d = Vector512.LoadUnsafe(ref source, k + 48);
            differ |= a ^ bounds;
            differ |= b ^ bounds;
            differ |= c ^ bounds;
            differ |= d ^ bounds;
            Pack(a, b, c, d).StoreUnsafe(ref target, k);
        }

        return Vector512.EqualsAll(Vector512.Abs(differ).AsInt32(), Vector512<int>.Zero);
    }

    // AVX-512: the native minimum with 0 (its second operand) maps NaN and −0 to 0. The bits of a negative float, as an
    // integer, saturate to −128, and then clamp to −1. Else comparisons, all ones where negative, narrow to bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Pack(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<short> ab = Avx512BW.PackSignedSaturate(NegativeOrZero(a), NegativeOrZero(b));
            Vector512<short> cd = Avx512BW.PackSignedSaturate(NegativeOrZero(c), NegativeOrZero(d));
            Vector512<sbyte> quarters = Avx512BW.PackSignedSaturate(ab, cd);
            Vector512<sbyte> inOrder = Avx512F.PermuteVar16x32(
                quarters.AsInt32(), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsSByte();
            return Vector512.Max(inOrder, Vector512.Create((sbyte)-1)) | Vector512<sbyte>.One;
        }

        Vector512<short> first = Vector512.Narrow(Negative(a), Negative(b)), second = Vector512.Narrow(Negative(c), Negative(d));
        Vector512<sbyte> negative = Vector512.Narrow(first, second);
        return negative | Vector512<sbyte>.One;
    }

    private static Vector512<int> NegativeOrZero(Vector512<float> w) => Vector512.MinNative(w, Vector512<float>.Zero).AsInt32();

    private static Vector512<int> Negative(Vector512<float> w) => Vector512.LessThan(w, Vector512<float>.Zero).AsInt32();
}
