using System.Numerics;
using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The 64 constant tables of <see cref="BitGemm"/>, 4 KiB: entry s of table a is popcount(a xor s). The first 16
/// entries of the first 16 tables are those of four inputs.
/// </summary>
internal static unsafe class BitTables
{
    /// <summary>The entries of a table, and how many tables there are.</summary>
    public const int Length = 64;

    /// <summary>The bits of half a byte.</summary>
    public const int HalfBits = 4;

    /// <summary>The lower half of a byte.</summary>
    public const byte LowBits = 0xF;

    private static readonly Memory<byte> Memory = Make();

    /// <summary>The first table; the garbage collector never moves it.</summary>
    public static readonly byte* Start = (byte*)Memory.Pin().Pointer;

    /// <summary>The table of the lower four inputs of a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Low(byte* tables, byte group) => tables + (nuint)(group & LowBits) * Length;

    /// <summary>The table of the upper four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* High(byte* tables, byte group) => tables + (nuint)(group >> HalfBits) * Length;

    private static Memory<byte> Make()
    {
        Memory<byte> tables = AlignedBuffer.Allocate<byte>(Length * Length);
        for (int i = 0; i < tables.Length; i++) tables.Span[i] = (byte)BitOperations.PopCount((uint)(i / Length ^ i % Length));
        return tables;
    }
}
