using System.Buffers.Binary;
using System.IO.Compression;
using BinaryConnect.Guards;

namespace BinaryConnect.Data;

/// <summary>
/// Reads IDX files of unsigned bytes, the format MNIST is published in: two zero bytes, a type code, the number of
/// dimensions, each dimension as a big-endian 32-bit integer, then the values. Plain or gzip (one member), told by the first two bytes.
/// Nothing a file claims is believed: memory grows with the bytes that are really there.
/// </summary>
public static class IdxReader
{
    private const byte UnsignedByte = 0x08;
    private const int FirstBuffer = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>Its dimensions and values.</returns>
    /// <exception cref="InvalidDataException">It is not an IDX file of unsigned bytes; the message says what is wrong, and where.</exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    public static IdxArray Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a stream from its present position to its end. The stream stays open.</summary>
    /// <param name="stream">Readable; it need not be seekable.</param>
    /// <returns>Its dimensions and values.</returns>
    /// <exception cref="InvalidDataException">It is not an IDX file of unsigned bytes; the message says what is wrong, and where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdxArray Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "The stream");
    }

    /// <summary>Reads a file of examples and a file of their labels.</summary>
    /// <param name="imagesPath">IDX, [n, …]; everything after the first dimension is a row of features.</param>
    /// <param name="labelsPath">IDX, [n].</param>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="scale">What a byte is multiplied by.</param>
    /// <param name="shift">What is added after scaling.</param>
    /// <returns>The data set, its features kept as bytes.</returns>
    /// <exception cref="InvalidDataException">A file is malformed, the counts differ or a label is outside [0, <paramref name="classCount"/>).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is below 2, or scale or shift is not finite, or scale is 0.</exception>
    /// <exception cref="IOException">A file cannot be read, or does not exist.</exception>
    public static Dataset ReadDataset(string imagesPath, string labelsPath, int classCount, float scale = 1f / 255, float shift = 0)
    {
        Guard.AtLeast(classCount, 2, nameof(classCount));
        Dataset.CheckScaling(scale, shift);
        IdxArray images = Read(imagesPath), labels = Read(labelsPath);
        if (images.Dimensions.Count < 2)
            throw new InvalidDataException($"{imagesPath}: it has {images.Dimensions.Count} dimension(s); examples must have at least 2, rows first.");
        if (labels.Dimensions.Count != 1)
            throw new InvalidDataException($"{labelsPath}: it has {labels.Dimensions.Count} dimension(s); labels must have 1.");
        int count = labels.Dimensions[0];
        if (images.Dimensions[0] != count)
            throw new InvalidDataException($"{labelsPath}: it has {count:N0} labels; {imagesPath} has {images.Dimensions[0]:N0} examples, and there must be one label for each.");
        if (images.Values.IsEmpty) throw new InvalidDataException($"{imagesPath}: it holds no values; there must be at least one example of one feature.");

        int[] classes = new int[count];
        for (int i = 0; i < count; i++)
        {
            classes[i] = labels.Values.Span[i];
            if (classes[i] >= classCount)
                throw new InvalidDataException($"{labelsPath}: label {i:N0} is {classes[i]}; it must be below the class count, {classCount}.");
        }

        return Dataset.FromBytes(images.Values, classes, images.Values.Length / count, classCount, scale, shift);
    }

    private static IdxArray Read(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        int length = stream.ReadAtLeast(magic[..2], 2, throwOnEndOfStream: false);
        if (length == 2 && magic[0] == 0x1F && magic[1] == 0x8B)
        {
            using var whole = new PrefixedStream(magic[..2], stream);
            using var gzip = new GZipStream(whole, CompressionMode.Decompress);
            try
            {
                IdxArray array = ReadBody(gzip, magic, 0, name, knowsLength: false);
                CheckGzipEnd(whole, 4 + 4L * array.Dimensions.Count + array.Values.Length, name);
                return array;
            }
            catch (InvalidDataException fault) when (!fault.Message.StartsWith(name, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{name}: its gzip data is damaged or cut short. {fault.Message}", fault);
            }
        }

        return ReadBody(stream, magic, length, name, knowsLength: stream.CanSeek);
    }

    // 'magic' already holds the first 'read' bytes. Offsets in messages count the bytes of the IDX data, unpacked.
    private static IdxArray ReadBody(Stream stream, Span<byte> magic, int read, string name, bool knowsLength)
    {
        read += stream.ReadAtLeast(magic[read..], magic.Length - read, throwOnEndOfStream: false);
        if (read < magic.Length) throw new InvalidDataException($"{name}: it ends at byte {read}; an IDX header has at least 4 bytes.");
        if (magic[0] != 0 || magic[1] != 0)
            throw new InvalidDataException($"{name}: it starts with {magic[0]:X2} {magic[1]:X2}; an IDX file starts with 00 00, a gzip file with 1F 8B.");
        CheckTypeCode(magic[2], name);

        int[] dimensions = ReadDimensions(stream, magic[3], name, out int count);
        int header = 4 + 4 * dimensions.Length;
        if (knowsLength && stream.Length - stream.Position != count) throw WrongLength(name, header, count, stream.Length - stream.Position);

        byte[] values = ReadValues(stream, count, name, header);
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"{name}: it goes on after byte {header + (long)count:N0}, where its {count:N0} values end; nothing may follow.");
        return new IdxArray(dimensions, values);
    }

    // GZipStream takes a missing checksum and bytes after the end in silence. The format ends with the unpacked length.
    private static void CheckGzipEnd(PrefixedStream whole, long unpacked, string name)
    {
        if (whole.ReadByte() >= 0 || whole.LastWord != (uint)unpacked)
            throw new InvalidDataException($"{name}: its gzip data is cut short, or something follows it; its last 4 bytes must be its unpacked length, {unpacked:N0}.");
    }

    private static void CheckTypeCode(byte code, string name)
    {
        if (code == UnsignedByte) return;
        string meaning = code switch
        {
            0x09 => "signed bytes, which are not supported",
            0x0B => "16-bit integers, which are not supported",
            0x0C => "32-bit integers, which are not supported",
            0x0D => "32-bit floats, which are not supported",
            0x0E => "64-bit floats, which are not supported",
            _ => "unknown",
        };
        throw new InvalidDataException($"{name}: its type code, at byte 2, is 0x{code:X2} ({meaning}); it must be 0x08, unsigned bytes.");
    }

    private static int[] ReadDimensions(Stream stream, int rank, string name, out int count)
    {
        int[] dimensions = new int[rank];
        Span<byte> word = stackalloc byte[4];
        long product = 1;
        for (int i = 0; i < rank; i++)
        {
            int read = stream.ReadAtLeast(word, 4, throwOnEndOfStream: false);
            if (read < 4)
                throw new InvalidDataException($"{name}: it ends at byte {4 + 4 * i + read}, inside its header; {rank} dimensions need a header of {4 + 4 * rank} bytes.");
            uint size = BinaryPrimitives.ReadUInt32BigEndian(word);
            if (size > Array.MaxLength || (product *= size) > Array.MaxLength)
                throw new InvalidDataException($"{name}: its dimensions up to the one at byte {4 + 4 * i} ({size:N0}) multiply to more than an array can hold, {Array.MaxLength:N0} bytes.");
            dimensions[i] = (int)size;
        }

        count = (int)product;
        return dimensions;
    }

    private static byte[] ReadValues(Stream stream, int count, string name, int header)
    {
        byte[] values = new byte[Math.Min(count, FirstBuffer)];
        int read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length) throw WrongLength(name, header, count, read);
            if (read == count) return values;
            Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
        }
    }

    private static InvalidDataException WrongLength(string name, int header, int count, long left) =>
        new($"{name}: {left:N0} bytes follow its header of {header} bytes; its dimensions ask for {count:N0}.");
}
