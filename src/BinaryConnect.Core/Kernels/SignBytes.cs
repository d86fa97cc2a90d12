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
            isBinary &= PackRest(row[whole..], bound, inner < ByteProduct.Block ? last[..rest] : last[(last.Length - rest)..]);
        }

        return isBinary;
    }

    private static bool PackRest(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        bool isBinary = true;
        for (int k = 0; k < weights.Length; k++)
        {
            signs[k] = (sbyte)(weights[k] < 0 ? -1 : 1);
            isBinary &= MathF.Abs(weights[k]) == bound;
        }

        return isBinary;
    }

    // 16 weights a turn: four registers of comparisons, all ones where negative, narrow to one of bytes; 2·(−1) + 1 is −1.
    private static bool PackWhole(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        ref float source = ref MemoryMarshal.GetReference(weights);
        ref sbyte target = ref MemoryMarshal.GetReference(signs);
        Vector128<float> bounds = Vector128.Create(bound), same = Vector128<float>.AllBitsSet;
        for (nuint k = 0; k < (nuint)weights.Length; k += 16)
        {
            Vector128<float> a = Vector128.LoadUnsafe(ref source, k), b = Vector128.LoadUnsafe(ref source, k + 4);
            Vector128<float> c = Vector128.LoadUnsafe(ref source, k + 8), d = Vector128.LoadUnsafe(ref source, k + 12);
            same &= Vector128.Equals(Vector128.Abs(a), bounds) & Vector128.Equals(Vector128.Abs(b), bounds);
            same &= Vector128.Equals(Vector128.Abs(c), bounds) & Vector128.Equals(Vector128.Abs(d), bounds);
            Vector128<short> first = Vector128.Narrow(Negative(a), Negative(b)), second = Vector128.Narrow(Negative(c), Negative(d));
            Vector128<sbyte> negative = Vector128.Narrow(first, second);
            (negative + negative + Vector128<sbyte>.One).StoreUnsafe(ref target, k);
        }

        return Vector128.EqualsAll(same.AsUInt32(), Vector128<uint>.AllBitsSet);
    }

    private static Vector128<int> Negative(Vector128<float> weights) => Vector128.LessThan(weights, Vector128<float>.Zero).AsInt32();
}
