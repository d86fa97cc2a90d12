using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Kernels.NarrowGemm.Sparse;

/// <summary>
/// The product of bytes and signs, exact in integers, that skips blocks of eight inputs that are all 0. A register
/// holds the block four times, and multiplies it by the signs of four outputs: three registers make a tile of twelve
/// outputs. So signs are packed [tiles, blocks, 12, 8].
/// </summary>
/// <remarks>
/// Lanes of 16 bits sum two adjacent products, and widen to 32 bits after a word of 64 blocks. No masks: inputs past
/// the last block are added one by one. Without skipping, it is <c>ByteSignGemm</c>, with the same integers.
/// </remarks>
internal static class SparseByteSigns
{
    /// <summary>The outputs of a tile. The last tile has room for absent ones.</summary>
    public const int TileOutputs = 12;

    private const int Size = NonzeroBlocks.Size;
    private const int Tile = TileOutputs * Size;

    /// <summary>
    /// The length of the signs of all outputs in sbytes, [tiles, blocks, 12, 8], the blocks rounded up.
    /// </summary>
    public static long Length(int inner, int outputs) => (long)Tiles(outputs) * TileLength(inner);

    /// <summary>
    /// Packs weights [m, k] that are all ±<paramref name="bound"/>. False, with undefined signs, where any weight is
    /// not.
    /// </summary>
    public static bool TryPack(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs, int inner)
    {
        int outputs = weights.Length / inner;
        bool isBinary = true;
        for (int j = 0; j < outputs; j++)
        {
            Span<sbyte> ofOutput = signs[(j / TileOutputs * TileLength(inner) + j % TileOutputs * Size)..];
            isBinary &= TryPackOutput(weights.Slice(j * inner, inner), bound, ofOutput);
        }

        return isBinary;
    }

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · s[j, k] for x [n, k], packed signs of m outputs, z [n, m], and k up
    /// to <c>ByteSignGemm.MostInputs</c>. It also finds the nonzero blocks of the rows, from row
    /// <paramref name="first"/> of <paramref name="blocks"/> on.
    /// </summary>
    public static void Multiply(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> z, NonzeroBlocks blocks, int first)
    {
        int inner = x.Width, outputs = z.Length / Math.Max(1, x.Count), length = TileLength(inner);
        for (int i = 0; i < x.Count; i++)
        {
            ref byte row = ref x.Start(i);
            blocks.FindRow(ref row, first + i);
            for (int j = 0; j < outputs; j += TileOutputs)
            {
                ReadOnlySpan<sbyte> tile = signs.Slice(j / TileOutputs * length, length);
                Span<int> sums = z[(i * outputs + j)..];
                int some = Math.Min(TileOutputs, outputs - j);
                Row(ref row, blocks, first + i, tile, sums, some);
                AddRest(ref row, tile, sums[..some], inner);
            }
        }
    }

    // Writes a whole tile where there is room. The next row overwrites the values past the outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(ref byte x, NonzeroBlocks blocks, int row, ReadOnlySpan<sbyte> signs, Span<int> z, int outputs)
    {
        (Vector256<int> low, Vector128<int> high) = Dot(ref x, blocks, row, ref MemoryMarshal.GetReference(signs));
        if (z.Length >= TileOutputs)
        {
            low.StoreUnsafe(ref MemoryMarshal.GetReference(z));
            high.StoreUnsafe(ref MemoryMarshal.GetReference(z), (nuint)Vector256<int>.Count);
            return;
        }

        for (int j = 0; j < outputs; j++) z[j] = j < Vector256<int>.Count ? low[j] : high[j - Vector256<int>.Count];
    }

    // The sums of a tile. A 16-bit lane fits 64 additions of at most 510, one for each block of a word.
    private static (Vector256<int> Low, Vector128<int> High) Dot(ref byte x, NonzeroBlocks blocks, int row, ref sbyte signs)
    {
        Vector256<int> sums0 = default, sums1 = default, sums2 = default;
        for (int word = 0; word < blocks.Words; word++)
        {
            ref byte inputs = ref Unsafe.Add(ref x, word * NonzeroBlocks.OfWord * Size);
            ref sbyte tiles = ref Unsafe.Add(ref signs, word * NonzeroBlocks.OfWord * Tile);
            Vector256<short> s0 = default, s1 = default, s2 = default;
            for (ulong bits = blocks.Word(word, row); bits != 0; bits &= bits - 1)
            {
                nuint block = (nuint)BitOperations.TrailingZeroCount(bits);
                Vector256<byte> a =
                    Vector256.Create(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref inputs, block * Size))).AsByte();
                ref sbyte tile = ref Unsafe.Add(ref tiles, block * Tile);
                s0 += Avx2.MultiplyAddAdjacent(a, Vector256.LoadUnsafe(ref tile));
                s1 += Avx2.MultiplyAddAdjacent(a, Vector256.LoadUnsafe(ref tile, 32));
                s2 += Avx2.MultiplyAddAdjacent(a, Vector256.LoadUnsafe(ref tile, 64));
            }

            sums0 += Avx2.MultiplyAddAdjacent(s0, Vector256<short>.One);
            sums1 += Avx2.MultiplyAddAdjacent(s1, Vector256<short>.One);
            sums2 += Avx2.MultiplyAddAdjacent(s2, Vector256<short>.One);
        }

        // Two lanes are of one output. Halves of registers add separately, so that outputs 2, 3 and 4, 5 swap places.
        Vector256<long> low = Avx2.HorizontalAdd(sums0, sums1).AsInt64();
        return (Avx2.Permute4x64(low, 0b11_01_10_00).AsInt32(), Ssse3.HorizontalAdd(sums2.GetLower(), sums2.GetUpper()));
    }

    // Adds the inputs past the last whole block.
    private static void AddRest(ref byte x, ReadOnlySpan<sbyte> signs, Span<int> z, int inner)
    {
        for (int k = inner - inner % Size; k < inner; k++)
        {
            int input = Unsafe.Add(ref x, k), at = k / Size * Tile + k % Size;
            for (int j = 0; j < z.Length; j++) z[j] += input * signs[at + j * Size];
        }
    }

    // Packs one output's signs, a block every 96 sbytes. ±bound differ in the sign bit alone: shifted down over the
    // lane, it gives −1 or 0, and with the lowest bit set −1 or 1.
    private static bool TryPackOutput(ReadOnlySpan<float> weights, float bound, Span<sbyte> signs)
    {
        ref float source = ref MemoryMarshal.GetReference(weights);
        ref sbyte target = ref MemoryMarshal.GetReference(signs);
        Vector512<int> bounds = Vector512.Create(bound).AsInt32(), magnitude = Vector512.Create(int.MaxValue);
        Vector512<int> others = Vector512<int>.Zero;
        int k = 0, pair = 2 * Size;
        for (; k <= weights.Length - pair; k += pair)
        {
            Vector512<int> values = Vector512.LoadUnsafe(ref source, (nuint)k).AsInt32();
            others |= (values & magnitude) ^ bounds;
            Vector128<long> packed = Narrow((values >> 31) | Vector512<int>.One).AsInt64();
            ref sbyte at = ref Unsafe.Add(ref target, k / Size * Tile);
            Unsafe.WriteUnaligned(ref Unsafe.As<sbyte, byte>(ref at), packed.GetElement(0));
            Unsafe.WriteUnaligned(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref at, Tile)), packed.GetElement(1));
        }

        bool isBinary = others == Vector512<int>.Zero;
        for (; k < weights.Length; k++)
        {
            signs[k / Size * Tile + k % Size] = (sbyte)(weights[k] < 0 ? -1 : 1);
            isBinary &= MathF.Abs(weights[k]) == bound;
        }

        return isBinary;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Narrow(Vector512<int> values)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector128SByte(values);
        Vector256<short> half = Vector256.Narrow(values.GetLower(), values.GetUpper());
        return Vector128.Narrow(half.GetLower(), half.GetUpper());
    }

    private static int Tiles(int outputs) => (outputs + TileOutputs - 1) / TileOutputs;

    private static int TileLength(int inner) => (inner + Size - 1) / Size * Tile;
}
