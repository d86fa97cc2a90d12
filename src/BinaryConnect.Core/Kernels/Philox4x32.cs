namespace BinaryConnect.Kernels;

/// <summary>
/// Philox 4x32-10, the counter-based random generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3" (SC 2011): block i of a stream is a function of (seed, stream, i) alone, so any part of it can be drawn at
/// any time, by any thread.
/// </summary>
internal static class Philox4x32
{
    private const int Rounds = 10;

    /// <summary>How many 32-bit words one block gives.</summary>
    public const int BlockLength = 4;

    /// <summary>Block <paramref name="index"/> of a stream: counter words (index low, index high, stream low, stream high), key = seed.</summary>
    public static (uint R0, uint R1, uint R2, uint R3) Block(ulong index, ulong stream, ulong seed)
    {
        uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = 0xD2511F53UL * c0, product1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>
    /// Effectively computes destination[i] = (word i of the stream, counted from block <paramref name="firstBlock"/>) / 2³²,
    /// cut to 24 bits: uniform in [0, 1), every value exact in a float.
    /// </summary>
    public static void Uniform(ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += BlockLength)
        {
            (uint r0, uint r1, uint r2, uint r3) = Block(firstBlock + (uint)i / BlockLength, stream, seed);
            int left = destination.Length - i;
            destination[i] = ToUnit(r0);
            if (left > 1) destination[i + 1] = ToUnit(r1);
            if (left > 2) destination[i + 2] = ToUnit(r2);
            if (left > 3) destination[i + 3] = ToUnit(r3);
        }
    }

    private static float ToUnit(uint word) => (word >> 8) * (1f / (1 << 24));
}
