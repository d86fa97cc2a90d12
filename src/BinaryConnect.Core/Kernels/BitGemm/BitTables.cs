using System.Numerics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The 64 constant sum tables of <see cref="BitGemm"/>, 4 KiB: entry s of table a is 6 − 2 · popcount(a xor s).
/// </summary>
internal static unsafe class BitTables
{
    /// <summary>The entries of a table, and how many tables there are.</summary>
    public const int Length = 64;

    private static readonly Memory<sbyte> Memory = Make();

    /// <summary>The first table; the garbage collector never moves it.</summary>
    public static readonly sbyte* Start = (sbyte*)Memory.Pin().Pointer;

    private static Memory<sbyte> Make()
    {
        Memory<sbyte> tables = AlignedBuffer.Allocate<sbyte>(Length * Length);
        for (int i = 0; i < tables.Length; i++)
            tables.Span[i] = (sbyte)(BitLayout.GroupInputs - 2 * BitOperations.PopCount((uint)(i / Length ^ i % Length)));
        return tables;
    }
}
