using System.Buffers.Binary;

namespace BinaryConnect.Fuzz;

/// <summary>Damage that does not depend on a format.</summary>
internal static class ByteChanges
{
    private static readonly byte[] Extremes = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];
    private static readonly uint[] ExtremeWords =
        [0, 1, 0x7F, 0xFF, 0x100, 0xFFFF, 0x10000, 0x7FFFFFC7, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    /// <summary>Damages a file in one way of many; <paramref name="other"/> is a file to take bytes from.</summary>
    public static byte[] Apply(Random random, byte[] file, ReadOnlySpan<byte> other, out string change)
    {
        int at = random.Next(file.Length + 1), length = Math.Min(Length(random), file.Length - at);
        switch (random.Next(11))
        {
            case 0:
                change = $"truncated to {at} bytes";
                return file[..at];
            case 1:
                change = $"{length} bytes left out at {at}";
                return [.. file.AsSpan(0, at), .. file.AsSpan(at + length)];
            case 2:
                change = $"random bytes inserted at {at}";
                return [.. file.AsSpan(0, at), .. Bytes(random), .. file.AsSpan(at)];
            case 3:
                change = $"{length} bytes repeated at {at}";
                return [.. file.AsSpan(0, at + length), .. file.AsSpan(at)];
            case 4:
                int from = random.Next(other.Length + 1);
                change = $"cut at {at} and spliced with another file from {from}";
                return [.. file.AsSpan(0, at), .. other[from..]];
            case 5:
                change = "bytes appended";
                return [.. file, .. Bytes(random)];
            case 6:
                return Replaced(random, file, at, out change);
            default:
                return Changed(random, file, out change);
        }
    }

    /// <summary>A number at an extreme of its range, or any other.</summary>
    public static uint Word(Random random) => random.Next(4) switch
    {
        0 => (uint)random.NextInt64(1L << 32),
        1 => (uint)random.Next(300),
        _ => ExtremeWords[random.Next(ExtremeWords.Length)],
    };

    /// <summary>Some bytes, all the same or random.</summary>
    public static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[Length(random)];
        if (random.Next(2) == 0) random.NextBytes(bytes);
        else Array.Fill(bytes, Extremes[random.Next(Extremes.Length)]);
        return bytes;
    }

    private static byte[] Replaced(Random random, byte[] file, int at, out string change)
    {
        byte[] result = [.. file];
        uint word = Word(random);
        bool isBigEndian = random.Next(2) == 0;
        change = $"word at {at} is {word:X8}";
        if (result.Length - at < sizeof(uint)) return result;
        if (isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(at), word);
        else BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(at), word);
        return result;
    }

    // Headers are short: half of the changes are among the first 32 bytes or the last 16.
    private static byte[] Changed(Random random, byte[] file, out string change)
    {
        byte[] result = [.. file];
        int count = 1 + random.Next(4);
        var places = new List<int>();
        for (int i = 0; i < count && result.Length > 0; i++)
        {
            int at = random.Next(4) switch
            {
                0 => random.Next(Math.Min(32, result.Length)),
                1 => result.Length - 1 - random.Next(Math.Min(16, result.Length)),
                _ => random.Next(result.Length),
            };
            result[at] = random.Next(3) switch
            {
                0 => (byte)(result[at] ^ 1 << random.Next(8)),
                1 => Extremes[random.Next(Extremes.Length)],
                _ => (byte)random.Next(256),
            };
            places.Add(at);
        }

        change = $"bytes changed at {string.Join(", ", places)}";
        return result;
    }

    private static int Length(Random random) => random.Next(3) switch
    {
        0 => 1 + random.Next(8),
        1 => 1 + random.Next(64),
        _ => 1 + random.Next(4096),
    };
}
