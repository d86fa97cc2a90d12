namespace BinaryConnect.Tests.Support;

/// <summary>Bytes with many blocks of zeros.</summary>
internal static class BlockInputs
{
    private const int Block = 8;

    /// <summary>Random bytes in about one of <paramref name="oneOf"/> blocks, zeros in the others.</summary>
    public static byte[] Sparse(int length, int oneOf)
    {
        var random = new Random(length);
        byte[] values = new byte[length];
        for (int start = 0; start < length; start += Block)
        {
            if (random.Next(oneOf) == 0) random.NextBytes(values.AsSpan(start, Math.Min(Block, length - start)));
        }

        return values;
    }
}
