using System.Buffers.Binary;

namespace BinaryConnect.Fuzz.Idx;

/// <summary>Damages parts of the IDX format, or makes a valid file that is unlike the original.</summary>
internal static class IdxChanges
{
    private const int Magic = 4, Word = 4;

    public static byte[] Apply(Random random, byte[] file, out string change)
    {
        int rank = file[3], header = Magic + Word * rank, kind = random.Next(13);
        byte[] result = [.. file];
        Span<byte> dimensions = result.AsSpan(Magic, header - Magic);
        int at = rank == 0 ? 0 : Word * random.Next(rank);
        change = $"part {kind} of IDX";
        switch (kind)
        {
            case 0: result[random.Next(2)] = (byte)random.Next(256); break;
            case 1: result[2] = (byte)random.Next(16); break;
            case 2: result[3] = (byte)(random.Next(3) == 0 ? random.Next(256) : rank + random.Next(-1, 2)); break;
            case 3 or 4:
                if (rank > 0) BinaryPrimitives.WriteUInt32BigEndian(dimensions[at..], ByteChanges.Word(random));
                break;
            case 5:
                for (int i = 0; i < dimensions.Length; i += Word)
                    BinaryPrimitives.WriteUInt32BigEndian(dimensions[i..], ByteChanges.Word(random));
                break;
            case 6:
                if (rank > 0) Add(dimensions[at..], random.Next(-2, 3));
                break;
            case 7:
                if (rank > 1) dimensions.Reverse();
                break;
            case 8: return WithDimension(random, file, rank, size: 1);
            case 9: return WithDimension(random, file, rank, ByteChanges.Word(random));
            case 10: return file[..random.Next(header + 1)];
            case 11: return file[..random.Next(file.Length + 1)];
            default:
                return OtherCount(random, file, rank, header);
        }

        return result;
    }

    private static void Add(Span<byte> word, int difference) =>
        BinaryPrimitives.WriteUInt32BigEndian(word, BinaryPrimitives.ReadUInt32BigEndian(word) + (uint)difference);

    private static byte[] WithDimension(Random random, byte[] file, int rank, uint size)
    {
        if (rank == byte.MaxValue) return file;
        int at = Magic + Word * random.Next(rank + 1);
        byte[] word = new byte[Word];
        BinaryPrimitives.WriteUInt32BigEndian(word, size);
        byte[] result = [.. file.AsSpan(0, at), .. word, .. file.AsSpan(at)];
        result[3]++;
        return result;
    }

    // Rows more or fewer, in the header and in the values.
    private static byte[] OtherCount(Random random, byte[] file, int rank, int header)
    {
        if (rank == 0) return file;
        uint count = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(Magic));
        if (count == 0) return file;
        int row = (file.Length - header) / (int)count, rows = random.Next(2 * (int)count + 1);
        byte[] values = new byte[rows * row];
        for (int i = 0; i < values.Length; i++) values[i] = file[header + i % (file.Length - header)];
        byte[] result = [.. file.AsSpan(0, header), .. values];
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(Magic), (uint)rows);
        return result;
    }
}
