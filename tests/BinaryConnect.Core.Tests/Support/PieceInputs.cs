namespace BinaryConnect.Tests.Support;

/// <summary>Bytes many pieces of which are 0.</summary>
internal static class PieceInputs
{
    private const int Piece = 8;

    /// <summary>Random bytes in about one of so many pieces, zeros in the others.</summary>
    public static byte[] Sparse(int length, int oneOf)
    {
        var random = new Random(length);
        byte[] values = new byte[length];
        for (int start = 0; start < length; start += Piece)
        {
            if (random.Next(oneOf) == 0) random.NextBytes(values.AsSpan(start, Math.Min(Piece, length - start)));
        }

        return values;
    }
}
