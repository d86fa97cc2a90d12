using System.Buffers.Binary;
using System.Numerics;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// ±1 times ±1 by population counts of 64 bits, on canonical bits: rows of ⌈k/8⌉ bytes, where bit i of byte j is input
/// 8·j + i. It is the form for machines without <see cref="BitGemm"/>.
/// </summary>
internal static class BitWords
{
    /// <summary>
    /// Effectively computes z[i, j] = Σ_k a[i, k] · s[j, k] = k − 2 · popcount(a[i] xor s[j]), for inputs a [n, ⌈k/8⌉]
    /// and signs s [m, ⌈k/8⌉]. Bits after the last input are 0.
    /// </summary>
    public static void Multiply(ReadOnlySpan<byte> inputs, ReadOnlySpan<byte> signs, int inner, Span<int> z)
    {
        int stride = (inner + 7) / 8, rows = inputs.Length / stride, outputs = signs.Length / stride;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<byte> row = inputs.Slice(i * stride, stride);
            for (int j = 0; j < outputs; j++)
                z[i * outputs + j] = inner - 2 * Differences(row, signs.Slice(j * stride, stride));
        }
    }

    private static int Differences(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int count = 0;
        while (a.Length >= sizeof(ulong))
        {
            count += BitOperations.PopCount(
                BinaryPrimitives.ReadUInt64LittleEndian(a) ^ BinaryPrimitives.ReadUInt64LittleEndian(b));
            a = a[sizeof(ulong)..];
            b = b[sizeof(ulong)..];
        }

        for (int i = 0; i < a.Length; i++) count += byte.PopCount((byte)(a[i] ^ b[i]));
        return count;
    }
}
