using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The micro-kernel of the ±1 product with half a sum table in two 128-bit registers, which a lookup of bytes reads as
/// one. As at 256 bits, the eight entries with +x₃ suffice: where the fourth sign is −, the other three are inverted,
/// and the sum's sign flips. Lanes are outputs. No masks: sums of absent inputs are 0. The bits are those of the
/// 512-bit form. Effectively z[j] = bound · Σ_k s[j, k] · x[k].
/// </summary>
/// <remarks>
/// A lookup in two registers is one operation (Neoverse, Cortex-A76 and later, Apple), in four registers three. So half
/// a table and a sign are cheaper than a whole table. The sign is a factor of ±1 in the multiply-add that adds the sum:
/// it is free, and rounds as an addition does. Four rows share indexes and signs.
/// </remarks>
internal readonly struct SignMicroKernelArm64 : ISignMicroKernel
{
    private const int GroupInputs = SumTables.GroupInputs;
    private const int Entries = SumTables.Entries / 2;
    private const int Lanes = 4;

    // A code for every four signs: the sum's index in the half table, with the highest bit set where its sign flips.
    private static Vector128<byte> CodesOfSigns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)0x87, 0x86, 0x85, 0x84, 0x83, 0x82, 0x81, 0x80, 0, 1, 2, 3, 4, 5, 6, 7);
    }

    // For each byte of a lane, the index of the lane's first byte.
    private static Vector128<byte> FirstBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12);
    }

    // The bytes 0 to 3 of the table's first sum, in every lane.
    private static Vector128<byte> FirstIndexes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0x0302_0100u).AsByte();
    }

    public static int GroupFloats => Entries;

    public static void Prepare(ReadOnlySpan<float> row, int groups, Span<float> tables, int stride)
    {
        int whole = row.Length / GroupInputs;
        ref float input = ref MemoryMarshal.GetReference(row), table = ref MemoryMarshal.GetReference(tables);
        for (int group = 0; group < whole; group++)
        {
            StoreTable(Vector128.LoadUnsafe(ref input), ref table);
            input = ref Unsafe.Add(ref input, GroupInputs);
            table = ref Unsafe.Add(ref table, stride);
        }

        for (int k = whole * GroupInputs; k < groups * GroupInputs; k += GroupInputs)
        {
            StoreTable(Vector128.Create(Input(row, k), Input(row, k + 1), Input(row, k + 2), Input(row, k + 3)), ref table);
            table = ref Unsafe.Add(ref table, stride);
        }
    }

    // A quarter of a tile at a time: four independent registers of sums.
    public static void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        for (int output = 0; output < SignLayout.TileOutputs; output += 4 * Lanes)
            OneRowQuarterTile(ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output));
    }

    public static void OneRowTwoTiles(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        OneRow(ref tables, ref signs, words, bound, ref z);
        OneRow(
            ref tables,
            ref Unsafe.Add(ref signs, words * SignLayout.TileOutputs),
            words,
            bound,
            ref Unsafe.Add(ref z, SignLayout.TileOutputs));
    }

    // An eighth of a tile at a time: eight registers of sums, a to d for the four rows.
    public static void FourRows(ref float tables, ref uint signs, int bytes, float bound, ref float z, int stride)
    {
        int words = (bytes + sizeof(uint) - 1) / sizeof(uint);
        for (int output = 0; output < SignLayout.TileOutputs; output += 2 * Lanes)
            FourRowsEighthTile(
                ref tables, ref Unsafe.Add(ref signs, output), words, bound, ref Unsafe.Add(ref z, output), stride);
    }

    private static void OneRowQuarterTile(ref float tables, ref uint signs, int words, float bound, ref float z)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector128<byte> i0 = FirstIndexes, i1 = i0, i2 = i0, i3 = i0;
        for (int word = 0; word < words; word++)
        {
            (Vector128<byte> low0, Vector128<byte> high0) = Codes(ref signs, 0);
            (Vector128<byte> low1, Vector128<byte> high1) = Codes(ref signs, Lanes);
            (Vector128<byte> low2, Vector128<byte> high2) = Codes(ref signs, 2 * Lanes);
            (Vector128<byte> low3, Vector128<byte> high3) = Codes(ref signs, 3 * Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            Vector128<byte> bytes = FirstBytes;
            for (int twoGroups = 0; twoGroups < sizeof(uint); twoGroups++)
            {
                (Vector128<byte>, Vector128<byte>) table = Table(ref tables, 0);
                Add(ref a0, table, Spread(low0, bytes), ref i0);
                Add(ref a1, table, Spread(low1, bytes), ref i1);
                Add(ref a2, table, Spread(low2, bytes), ref i2);
                Add(ref a3, table, Spread(low3, bytes), ref i3);
                table = Table(ref tables, Entries);
                Add(ref a0, table, Spread(high0, bytes), ref i0);
                Add(ref a1, table, Spread(high1, bytes), ref i1);
                Add(ref a2, table, Spread(high2, bytes), ref i2);
                Add(ref a3, table, Spread(high3, bytes), ref i3);
                tables = ref Unsafe.Add(ref tables, 2 * Entries);
                bytes += Vector128<byte>.One;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(a2, a3, bound, ref Unsafe.Add(ref z, 2 * Lanes));
    }

    private static void FourRowsEighthTile(ref float tables, ref uint signs, int words, float bound, ref float z, int stride)
    {
        Vector128<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector128<float> c0 = default, c1 = default, d0 = default, d1 = default;
        Vector128<byte> i0 = FirstIndexes, i1 = i0;
        for (int word = 0; word < words; word++)
        {
            (Vector128<byte> low0, Vector128<byte> high0) = Codes(ref signs, 0);
            (Vector128<byte> low1, Vector128<byte> high1) = Codes(ref signs, Lanes);
            signs = ref Unsafe.Add(ref signs, SignLayout.TileOutputs);
            Vector128<byte> bytes = FirstBytes;
            for (int twoGroups = 0; twoGroups < sizeof(uint); twoGroups++)
            {
                Vector128<byte> codes = Spread(low0, bytes);
                i0 = Indexes(codes, i0);
                Vector128<float> s0 = Factors(codes);
                codes = Spread(low1, bytes);
                i1 = Indexes(codes, i1);
                Vector128<float> s1 = Factors(codes);
                (Vector128<byte>, Vector128<byte>) table = Table(ref tables, 0);
                a0 = Add(a0, table, i0, s0);
                a1 = Add(a1, table, i1, s1);
                table = Table(ref tables, Entries);
                b0 = Add(b0, table, i0, s0);
                b1 = Add(b1, table, i1, s1);
                table = Table(ref tables, 2 * Entries);
                c0 = Add(c0, table, i0, s0);
                c1 = Add(c1, table, i1, s1);
                table = Table(ref tables, 3 * Entries);
                d0 = Add(d0, table, i0, s0);
                d1 = Add(d1, table, i1, s1);
                codes = Spread(high0, bytes);
                i0 = Indexes(codes, i0);
                s0 = Factors(codes);
                codes = Spread(high1, bytes);
                i1 = Indexes(codes, i1);
                s1 = Factors(codes);
                table = Table(ref tables, 4 * Entries);
                a0 = Add(a0, table, i0, s0);
                a1 = Add(a1, table, i1, s1);
                table = Table(ref tables, 5 * Entries);
                b0 = Add(b0, table, i0, s0);
                b1 = Add(b1, table, i1, s1);
                table = Table(ref tables, 6 * Entries);
                c0 = Add(c0, table, i0, s0);
                c1 = Add(c1, table, i1, s1);
                table = Table(ref tables, 7 * Entries);
                d0 = Add(d0, table, i0, s0);
                d1 = Add(d1, table, i1, s1);
                tables = ref Unsafe.Add(ref tables, 8 * Entries);
                bytes += Vector128<byte>.One;
            }
        }

        StorePair(a0, a1, bound, ref z);
        StorePair(b0, b1, bound, ref Unsafe.Add(ref z, stride));
        StorePair(c0, c1, bound, ref Unsafe.Add(ref z, 2 * (nint)stride));
        StorePair(d0, d1, bound, ref Unsafe.Add(ref z, 3 * (nint)stride));
    }

    // The codes of four outputs' words: of the lower four signs of every byte, and of the upper four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Low, Vector128<byte> High) Codes(ref uint signs, nuint offset)
    {
        Vector128<byte> words = Vector128.LoadUnsafe(ref signs, offset).AsByte(), lowest = Vector128.Create((byte)0xF);
        return (
            AdvSimd.Arm64.VectorTableLookup(CodesOfSigns, words & lowest),
            AdvSimd.Arm64.VectorTableLookup(CodesOfSigns, words >>> 4));
    }

    // Copies one code of each lane to all four bytes of the lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Spread(Vector128<byte> codes, Vector128<byte> bytes) =>
        AdvSimd.Arm64.VectorTableLookup(codes, bytes);

    // Entry p has the bytes 4p to 4p + 3. The shift by two bits moves the flip out at the top. The insert keeps the
    // lowest two bits, the number of the byte, of the indexes before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Indexes(Vector128<byte> codes, Vector128<byte> before) =>
        AdvSimd.ShiftLeftAndInsert(before, codes, 2);

    // −1 where the sign flips, else 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Factors(Vector128<byte> codes) =>
        Vector128.ConditionalSelect(Vector128.Create(-0f), codes.AsSingle(), Vector128<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte>, Vector128<byte>) Table(ref float tables, nuint offset) =>
        (Vector128.LoadUnsafe(ref tables, offset).AsByte(), Vector128.LoadUnsafe(ref tables, offset + Lanes).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        ref Vector128<float> total, (Vector128<byte>, Vector128<byte>) table, Vector128<byte> codes, ref Vector128<byte> indexes)
    {
        indexes = Indexes(codes, indexes);
        total = Add(total, table, indexes, Factors(codes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Add(
        Vector128<float> total, (Vector128<byte>, Vector128<byte>) table, Vector128<byte> indexes, Vector128<float> factors) =>
        AdvSimd.FusedMultiplyAdd(total, AdvSimd.Arm64.VectorTableLookup(table, indexes).AsSingle(), factors);

    // Stores entries 8 to 15 of a sum table. Products with ±1 are exact, so that the fused form rounds as additions do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTable(Vector128<float> x, ref float table)
    {
        Vector128<float> low = AdvSimd.MultiplyBySelectedScalar(Vector128.Create(-1f, 1, -1, 1), x, 0);
        low = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(low, Vector128.Create(-1f, -1, 1, 1), x, 1);
        Vector128<float> x2 = AdvSimd.DuplicateSelectedScalarToVector128(x, 2);
        Vector128<float> x3 = AdvSimd.DuplicateSelectedScalarToVector128(x, 3);
        (low + (x3 - x2)).StoreUnsafe(ref table);
        (low + (x3 + x2)).StoreUnsafe(ref table, Lanes);
    }

    private static float Input(ReadOnlySpan<float> row, int k) => k < row.Length ? row[k] : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector128<float> first, Vector128<float> second, float bound, ref float z)
    {
        Vector128<float> factor = Vector128.Create(bound);
        (first * factor).StoreUnsafe(ref z);
        (second * factor).StoreUnsafe(ref z, Lanes);
    }
}
