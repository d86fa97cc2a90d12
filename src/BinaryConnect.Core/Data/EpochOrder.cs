using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Data;

/// <summary>The order of the rows in an epoch, or of a data set that is shuffled once.</summary>
internal static class EpochOrder
{
    // Random blocks that are drawn together.
    private const int ShuffleBlocks = 256;

    /// <summary>
    /// Fills <paramref name="order"/> with a permutation of its indices, which depends only on seed and epoch. This is
    /// the shuffle of Fisher and Yates, which begins with the identity each time. Block i of the generator draws place
    /// i.
    /// </summary>
    public static void Shuffle(Span<int> order, int epoch, ulong seed) =>
        Permute(order, RandomStream.Shuffle | (uint)epoch, seed);

    /// <summary>A permutation of the indices of n rows, which depends only on n and the seed.</summary>
    public static int[] OfRows(int count, int seed)
    {
        int[] order = new int[count];
        Permute(order, RandomStream.Rows, (ulong)seed);
        return order;
    }

    private static void Permute(Span<int> order, ulong stream, ulong seed)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Span<uint> words = stackalloc uint[ShuffleBlocks * Philox4x32.BlockLength];
        for (int first = (order.Length - 1) / ShuffleBlocks * ShuffleBlocks; first >= 0; first -= ShuffleBlocks)
        {
            Philox4x32.Words((uint)first, stream, seed, words);
            for (int i = Math.Min(first + ShuffleBlocks, order.Length) - 1; i >= Math.Max(1, first); i--)
            {
                ReadOnlySpan<uint> block = words.Slice((i - first) * Philox4x32.BlockLength, 2);
                int other = (int)Math.BigMul(((ulong)block[1] << 32) | block[0], (ulong)i + 1, out _);
                (order[i], order[other]) = (order[other], order[i]);
            }
        }
    }
}
