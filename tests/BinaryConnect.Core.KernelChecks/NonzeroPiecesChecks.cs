using BinaryConnect.Kernels;

namespace BinaryConnect.KernelChecks;

/// <summary>Which pieces are found to have something, with every edge value in every place of every piece.</summary>
internal static class NonzeroPiecesChecks
{
    private const int Most = NonzeroPieces.OfWord;

    // Bits that narrowing could lose, and the signs of zero, of a NaN and of an integer.
    private static readonly uint[] Edges = [0x0000_0001, 0x0001_0000, 0x0100_0000, 0x3F80_0000, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF];
    private static readonly GuardedMemory<float> Floats = new(Most * NonzeroPieces.Size);
    private static readonly GuardedMemory<byte> Bytes = new(Most * NonzeroPieces.Size);

    public static void Run(Report report)
    {
        if (!NonzeroPieces.AreSupported) return;
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Start, Side.End])
        {
            report.Count($"NonzeroPieces.Find, floats, {side}", EveryPlace(Floats, side, Array.ConvertAll(Edges, BitConverter.UInt32BitsToSingle), FindFloats));
            report.Count($"NonzeroPieces.Find, bytes, {side}", EveryPlace<byte>(Bytes, side, [1, 128, 255], FindBytes));
        }
    }

    private delegate ulong Find<T>(ReadOnlySpan<T> values, int pieces);

    private static ulong FindFloats(ReadOnlySpan<float> values, int pieces) => NonzeroPieces.Find(in values[0], pieces);

    private static ulong FindBytes(ReadOnlySpan<byte> values, int pieces) => NonzeroPieces.Find(in values[0], pieces);

    private static string? EveryPlace<T>(GuardedMemory<T> memory, Side side, T[] edges, Find<T> find)
        where T : unmanaged
    {
        string? fault = null;
        for (int pieces = 1; pieces <= Most; pieces++)
        {
            Span<T> values = memory.Take(pieces * NonzeroPieces.Size, side);
            values.Clear();
            if (find(values, pieces) != 0) fault ??= $"{pieces} pieces of zeros";
            for (int at = 0; at < values.Length; at++)
            {
                values[at] = edges[at % edges.Length];
                if (find(values, pieces) != 1UL << at / NonzeroPieces.Size) fault ??= $"{pieces} pieces, {values[at]} at {at}";
                values[at] = default;
            }

            values.Fill(edges[^1]);
            if (find(values, pieces) != ulong.MaxValue >> Most - pieces) fault ??= $"{pieces} pieces, all full";
        }

        return fault;
    }
}
