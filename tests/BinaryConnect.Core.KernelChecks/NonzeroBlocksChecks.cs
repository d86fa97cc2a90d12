using System.Runtime.InteropServices;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Which pieces are found to have something, with every edge value in every place of every piece.</summary>
internal static class NonzeroBlocksChecks
{
    private const int Most = NonzeroBlocks.OfWord, Size = NonzeroBlocks.Size;

    // Bits that narrowing could lose, and the signs of zero, of a NaN and of an integer.
    private static readonly uint[] Edges =
        [0x0000_0001, 0x0001_0000, 0x0100_0000, 0x3F80_0000, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF];
    private static readonly GuardedMemory<float> Floats = new(Most * Size);
    private static readonly GuardedMemory<byte> Bytes = new(Most * Size);

    public static void Run(Report report)
    {
        if (!NonzeroBlocks.AreSupported) return;
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Start, Side.End])
        {
            report.Count(
                $"NonzeroBlocks.Find, floats, {side}",
                EveryPlace(Floats, side, Array.ConvertAll(Edges, BitConverter.UInt32BitsToSingle), FindFloats));
            report.Count($"NonzeroBlocks.Find, bytes, {side}", EveryPlace<byte>(Bytes, side, [1, 128, 255], FindBytes));
        }

        report.Count("NonzeroBlocks.RowsOf and Count", EveryRow());
    }

    private delegate ulong Find<T>(ReadOnlySpan<T> values, int pieces);

    private static ulong FindFloats(ReadOnlySpan<float> values, int pieces) =>
        NonzeroBlocks.Find(ref MemoryMarshal.GetReference(values), pieces);

    private static ulong FindBytes(ReadOnlySpan<byte> values, int pieces) =>
        NonzeroBlocks.Find(ref MemoryMarshal.GetReference(values), pieces);

    private static string? EveryPlace<T>(GuardedMemory<T> memory, Side side, T[] edges, Find<T> find)
        where T : unmanaged
    {
        string? fault = null;
        for (int pieces = 1; pieces <= Most; pieces++)
        {
            Span<T> values = memory.Take(pieces * Size, side);
            values.Clear();
            if (find(values, pieces) != 0) fault ??= $"{pieces} pieces of zeros";
            for (int at = 0; at < values.Length; at++)
            {
                values[at] = edges[at % edges.Length];
                if (find(values, pieces) != 1UL << at / Size) fault ??= $"{pieces} pieces, {values[at]} at {at}";
                values[at] = default;
            }

            values.Fill(edges[^1]);
            if (find(values, pieces) != ulong.MaxValue >> Most - pieces) fault ??= $"{pieces} pieces, all full";
        }

        return fault;
    }

    // A batch seen before leaves words behind, which must not pass for rows of this one.
    private static string? EveryRow()
    {
        const int Inner = 1000;
        var pieces = new NonzeroBlocks();
        foreach (int rows in (ReadOnlySpan<int>)[130, 1, 63, 64, 65, 129])
        {
            byte[] x = PieceInputs.Sparse(rows * Inner, oneOf: 3);
            pieces.Reset(rows, Inner);
            for (int i = 0; i < rows; i++) pieces.FindRow(ref x[i * Inner], i);
            ulong[] found = new ulong[pieces.RowsRoundedUp / NonzeroBlocks.OfWord];
            int count = 0;
            for (int piece = 0; piece < Inner / Size; piece++)
            {
                pieces.RowsOf(piece, found);
                for (int i = 0; i < pieces.RowsRoundedUp; i++)
                {
                    bool expected = i < rows && x.AsSpan(i * Inner + piece * Size, Size).ContainsAnyExcept((byte)0);
                    if ((found[i / NonzeroBlocks.OfWord] >> i & 1) != (expected ? 1UL : 0))
                        return $"{rows} rows: piece {piece} of row {i}";
                    if (expected) count++;
                }
            }

            if (pieces.Count() != count) return $"{rows} rows: {pieces.Count()} pieces of {count}";
        }

        return null;
    }
}
