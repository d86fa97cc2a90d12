using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    // 64 weights a turn: four registers of comparisons, all ones where negative, narrow to one of bytes; 2·(−1) + 1 is −1.
    // Where registers are narrower, the JIT makes each of these of two or four.
    private static bool PackWhole(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        ref float source = ref MemoryMarshal.GetReference(weights);
        ref sbyte target = ref MemoryMarshal.GetReference(signs);
        Vector512<float> bounds = Vector512.Create(bound), same = Vector512<float>.AllBitsSet;
        for (nuint k = 0; k < (nuint)weights.Length; k += ByteProduct.Block)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref source, k), b = Vector512.LoadUnsafe(ref source, k + 16);
            Vector512<float> c = Vector512.LoadUnsafe(ref source, k + 32), d = Vector512.LoadUnsafe(ref source, k + 48);
            same &= Vector512.Equals(Vector512.Abs(a), bounds) & Vector512.Equals(Vector512.Abs(b), bounds);
            same &= Vector512.Equals(Vector512.Abs(c), bounds) & Vector512.Equals(Vector512.Abs(d), bounds);
            Vector512<short> first = Vector512.Narrow(Negative(a), Negative(b)), second = Vector512.Narrow(Negative(c), Negative(d));
            Vector512<sbyte> negative = Vector512.Narrow(first, second);
            (negative + negative + Vector512<sbyte>.One).StoreUnsafe(ref target, k);
        }

        return Vector512.EqualsAll(same.AsUInt32(), Vector512<uint>.AllBitsSet);
    }

    private static Vector512<int> Negative(Vector512<float> weights) => Vector512.LessThan(weights, Vector512<float>.Zero).AsInt32();
}
