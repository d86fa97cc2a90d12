using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// The sum tables of <see cref="ByteTableGemm"/> (AVX-512 BW). Entry e of the table of inputs x₀ … x₄ is the sum of
/// the xᵢ whose bit i of e is 1.
/// </summary>
internal static unsafe class ByteTables
{
    /// <summary>The entries of a table.</summary>
    public const int Length = 32;

    /// <summary>The entries of the three tables of a word.</summary>
    public const int WordLength = Groups * Length;

    private const int Groups = 3, GroupInputs = ByteTableLayout.WordInputs / Groups;

    // Loads reach one byte past the inputs of a word.
    private const int Reach = ByteTableLayout.WordInputs + 1;

    /// <summary>The sum of a row's bytes.</summary>
    public static int Total(ReadOnlySpan<byte> row)
    {
        ref byte first = ref MemoryMarshal.GetReference(row);
        Vector512<long> sums = default;
        int i = 0;
        for (; i <= row.Length - Vector512<byte>.Count; i += Vector512<byte>.Count)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref first, (nuint)i);
            sums += Avx512BW.SumAbsoluteDifferences(bytes, Vector512<byte>.Zero).AsInt64();
        }

        int total = (int)Vector512.Sum(sums);
        for (; i < row.Length; i++) total += row[i];
        return total;
    }

    /// <summary>
    /// Makes the tables of <paramref name="count"/> words of a row from <paramref name="word"/> on. Two tables begin
    /// <paramref name="step"/> tables apart. Inputs after the last are taken as 0, and not read.
    /// </summary>
    public static void Build(ReadOnlySpan<byte> row, int word, int count, short* tables, int step)
    {
        byte* last = stackalloc byte[Reach];
        fixed (byte* x = row)
        {
            for (int i = word; i < word + count; i++, tables += Groups * step * Length)
            {
                byte* from = x + i * ByteTableLayout.WordInputs;
                int rest = row.Length - i * ByteTableLayout.WordInputs;
                if (rest < Reach)
                {
                    new Span<byte>(last, Reach).Clear();
                    new ReadOnlySpan<byte>(from, Math.Min(rest, ByteTableLayout.WordInputs)).CopyTo(new Span<byte>(last, Reach));
                    from = last;
                }

                Build(from).Store(tables);
                Build(from + GroupInputs).Store(tables + step * Length);
                Build(from + 2 * GroupInputs).Store(tables + 2 * step * Length);
            }
        }
    }

    // Three products of byte pairs and pairs of 0 or 1, which repeat with the bits of the entry's index.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Build(byte* x)
    {
        Vector512<sbyte> first = Vector512.Create(0x0101_0100_0001_0000UL).AsSByte();
        Vector512<sbyte> second = Vector512.Create(
            0UL,
            0x0001_0001_0001_0001,
            0x0100_0100_0100_0100,
            0x0101_0101_0101_0101,
            0,
            0x0001_0001_0001_0001,
            0x0100_0100_0100_0100,
            0x0101_0101_0101_0101).AsSByte();
        Vector512<sbyte> third = Vector512.Create(Vector256<short>.Zero, Vector256<short>.One).AsSByte();
        return Pair(x, first) + Pair(x + 2, second) + Pair(x + 4, third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pair(byte* x, Vector512<sbyte> signs) =>
        Avx512BW.MultiplyAddAdjacent(Vector512.Create(Unsafe.ReadUnaligned<ushort>(x)).AsByte(), signs);
}
