using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels;

/// <summary>Signs as sbytes, laid out for <see cref="ByteProduct"/>.</summary>
internal static class SignBytes
{
    /// <summary>
    /// Packs weights [m, k] that are all ±<paramref name="bound"/>: signs[j] gets +1 and −1 in blocks, and 0 where the last block
    /// repeats inputs. False, and the signs without meaning, where some weight is anything else.
    /// </summary>
    public static bool TryPack(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs, int inner)
    {
        int stride = ByteProduct.Stride(inner), whole = inner - inner % ByteProduct.Block;
        bool isBinary = true;
        for (int j = 0; j < weights.Length / inner; j++)
        {
            ReadOnlySpan<float> row = weights.Slice(j * inner, inner);
            Span<sbyte> packed = signs.Slice(j * stride, stride);
            isBinary &= PackWhole(row[..whole], bound, packed);
            int rest = inner - whole;
            Span<sbyte> last = packed[whole..];
            last.Clear();
            isBinary &= TryPackFew(row[whole..], bound, inner < ByteProduct.Block ? last[..rest] : last[(last.Length - rest)..]);
        }

        return isBinary;
    }

    /// <summary>Packs a few weights, one after the other.</summary>
    public static bool TryPackFew(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        bool isBinary = true;
        for (int k = 0; k < weights.Length; k++)
        {
            signs[k] = (sbyte)(weights[k] < 0 ? -1 : 1);
            isBinary &= MathF.Abs(weights[k]) == bound;
        }

        return isBinary;
    }

    // 64 weights a turn. Bits that differ from the bound's, but for the sign, are gathered over all turns.
    private static bool PackWhole(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        ref float source = ref MemoryMarshal.GetReference(weights);
        ref sbyte target = ref MemoryMarshal.GetReference(signs);
        Vector512<float> bounds = Vector512.Create(bound), differ = Vector512<float>.Zero;
        for (nuint k = 0; k < (nuint)weights.Length; k += ByteProduct.Block)
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

    // The bits of −bound, taken as an integer, are negative, and those of the bound are not. Where registers are narrower, comparisons, all ones
    // where negative, narrow to bytes, and 2·(−1) + 1 is −1; the JIT makes each register of two or four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Pack(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<short> ab = Avx512BW.PackSignedSaturate(a.AsInt32(), b.AsInt32()), cd = Avx512BW.PackSignedSaturate(c.AsInt32(), d.AsInt32());
            Vector512<sbyte> quarters = Avx512BW.PackSignedSaturate(ab, cd);
            Vector512<sbyte> inOrder = Avx512F.PermuteVar16x32(quarters.AsInt32(), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsSByte();
            return Vector512.Min(Vector512.Max(inOrder, Vector512.Create((sbyte)-1)), Vector512<sbyte>.One);
        }

        Vector512<short> first = Vector512.Narrow(Negative(a), Negative(b)), second = Vector512.Narrow(Negative(c), Negative(d));
        Vector512<sbyte> negative = Vector512.Narrow(first, second);
        return negative + negative + Vector512<sbyte>.One;
    }

    private static Vector512<int> Negative(Vector512<float> weights) => Vector512.LessThan(weights, Vector512<float>.Zero).AsInt32();
}
