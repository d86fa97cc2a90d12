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
    /// Makes the table of five inputs; eight bytes are read. A shuffle keeps an input where its bit of the entry's
    /// index is 1, and has 0 elsewhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Build(byte* x, short* table)
    {
        const ulong None = 0x8080_8080_8080_8080, Third = 0x8002_8002_8002_8002, Fourth = 0x0380_0380_0380_0380;
        const ulong Both = 0x0302_0302_0302_0302, Fifth = 0x8004_8004_8004_8004;
        Vector512<byte> first = Vector512.Create(0x0100_0180_8000_8080UL).AsByte();
        Vector512<byte> second = Vector512.Create(None, Third, Fourth, Both, None, Third, Fourth, Both).AsByte();
        Vector512<byte> third = Vector512.Create(None, None, None, None, Fifth, Fifth, Fifth, Fifth).AsByte();
        Vector512<byte> inputs = Vector512.Create(*(ulong*)x).AsByte();
        Vector512<short> sums = Avx512BW.Shuffle(inputs, third).AsInt16();
        sums += Avx512BW.MultiplyAddAdjacent(Avx512BW.Shuffle(inputs, first), Vector512<sbyte>.One);
        sums += Avx512BW.MultiplyAddAdjacent(Avx512BW.Shuffle(inputs, second), Vector512<sbyte>.One);
        sums.Store(table);
    }
}
