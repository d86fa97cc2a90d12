using System.Runtime.InteropServices;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>The blocks found not to be 0, with every edge value in every place of every block.</summary>
internal static class NonzeroBlocksChecks
{
    private const int Most = NonzeroBlocks.OfWord, Size = NonzeroBlocks.Size;

    // Patterns with one bit set, at either end or between, and with all: narrowing to fewer bits must lose none.
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

    private delegate ulong Find<T>(ReadOnlySpan<T> values, int blocks);

    private static ulong FindFloats(ReadOnlySpan<float> values, int blocks) =>
        NonzeroBlocks.Find(ref MemoryMarshal.GetReference(values), blocks);

    private static ulong FindBytes(ReadOnlySpan<byte> values, int blocks) =>
        NonzeroBlocks.Find(ref MemoryMarshal.GetReference(values), blocks);

    private static string? EveryPlace<T>(GuardedMemory<T> memory, Side side, T[] edges, Find<T> find)
        where T : unmanaged
    {
        string? fault = null;
        for (int blocks = 1; blocks <= Most; blocks++)
        {
            Span<T> values = memory.Take(blocks * Size, side);
            values.Clear();
            if (find(values, blocks) != 0) fault ??= $"{blocks} blocks of zeros";
            for (int at = 0; at < values.Length; at++)
            {
                values[at] = edges[at % edges.Length];
                if (find(values, blocks) != 1UL << at / Size) fault ??= $"{blocks} blocks, {values[at]} at {at}";
                values[at] = default;
            }

            values.Fill(edges[^1]);
            if (find(values, blocks) != ulong.MaxValue >> Most - blocks) fault ??= $"{blocks} blocks, all full";
        }

        return fault;
    }

    // A batch seen before leaves words behind, which must not pass for rows of this one.
    private static string? EveryRow()
    {
        const int Inner = 1000;
        var blocks = new NonzeroBlocks();
        foreach (int rows in (ReadOnlySpan<int>)[130, 1, 63, 64, 65, 129])
        {
            byte[] x = BlockInputs.Sparse(rows * Inner, oneOf: 3);
            blocks.Reset(rows, Inner);
            for (int i = 0; i < rows; i++) blocks.FindRow(ref x[i * Inner], i);
            ulong[] found = new ulong[blocks.RowsRoundedUp / NonzeroBlocks.OfWord];
            int count = 0;
            for (int block = 0; block < Inner / Size; block++)
            {
                blocks.RowsOf(block, found);
                for (int i = 0; i < blocks.RowsRoundedUp; i++)
                {
                    bool expected = i < rows && x.AsSpan(i * Inner + block * Size, Size).ContainsAnyExcept((byte)0);
                    if ((found[i / NonzeroBlocks.OfWord] >> i & 1) != (expected ? 1UL : 0))
                        return $"{rows} rows: block {block} of row {i}";
                    if (expected) count++;
                }
            }

            if (blocks.Count() != count) return $"{rows} rows: {blocks.Count()} blocks of {count}";
        }

        return null;
    }
}
