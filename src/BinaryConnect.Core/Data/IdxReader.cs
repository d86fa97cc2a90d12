using System.Buffers.Binary;
using BinaryConnect.Data.Gzip;
using BinaryConnect.Guards;

namespace BinaryConnect.Data;

/// <summary>
/// Reads IDX files of unsigned bytes, the format of MNIST. The header is two zero bytes, a type code, the number of
/// dimensions, and each dimension as a big-endian 32-bit integer. The values follow. A file may be packed by gzip, in
/// one member or several; its first two bytes tell. The CRC-32 and length of each member are checked.
/// </summary>
/// <remarks>
/// Nothing may follow the values, or the last gzip member. The sizes in a file are not trusted: memory grows with the
/// unpacked bytes that exist, to at most twice their number and 2 MiB.
/// </remarks>
public static class IdxReader
{
    private const byte UnsignedByte = 0x08;
    private const int BlockLength = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>Its dimensions and values.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not an IDX file of unsigned bytes, or damaged; the message gives the fault and its place.
    /// </exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder, or access to it is denied.</exception>
    public static IdxArray Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a stream from its current position to its end. The stream stays open, at its end.</summary>
    /// <param name="stream">A readable stream; it need not be seekable.</param>
    /// <returns>Its dimensions and values.</returns>
    /// <exception cref="ArgumentException"><paramref name="stream"/> is not readable.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not an IDX file of unsigned bytes, or damaged; the message gives the fault and its place. The stream may
    /// then be at any position.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdxArray Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("'stream' is closed or write-only; it must be readable.", nameof(stream));
        return Read(stream, "The stream");
    }

    /// <summary>Reads a file of examples and a file of their labels.</summary>
    /// <param name="imagesPath">The file of examples: IDX, [n, …]; the dimensions after the first form a row.</param>
    /// <param name="labelsPath">The file of labels: IDX, [n].</param>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="scale">The factor of a byte.</param>
    /// <param name="shift">The summand after scaling.</param>
    /// <param name="labelOffset">
    /// The number of class 0 in the file, from 0 to 255: label = stored − labelOffset. EMNIST stores its letters as 1
    /// to 26, so they need 1.
    /// </param>
    /// <returns>The data set; its features stay bytes.</returns>
    /// <exception cref="ArgumentException">A path is empty.</exception>
    /// <exception cref="ArgumentNullException">A path is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="classCount"/> is below 2, scale or shift is not finite, scale is 0, or
    /// <paramref name="labelOffset"/> is outside [0, 255].
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// A file is malformed or damaged, the counts differ, or a label is outside [0, <paramref name="classCount"/>).
    /// </exception>
    /// <exception cref="IOException">A file cannot be read, or does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">A path is that of a folder, or access to it is denied.</exception>
    public static Dataset ReadDataset(
        string imagesPath,
        string labelsPath,
        int classCount,
        float scale = 1f / 255,
        float shift = 0,
        int labelOffset = 0)
    {
        Guard.AtLeast(classCount, 2, nameof(classCount));
        Guard.Scaling(scale, shift);
        Guard.Count(labelOffset, nameof(labelOffset), byte.MaxValue);
        ArgumentException.ThrowIfNullOrEmpty(imagesPath);
        ArgumentException.ThrowIfNullOrEmpty(labelsPath);
        IdxArray images = ReadExamples(imagesPath);
        int[] labels = ReadLabels(labelsPath, classCount, labelOffset);
        return Join(images, imagesPath, labels, labelsPath, classCount, scale, shift);
    }

    /// <summary>Reads a file of examples, [n, …].</summary>
    internal static IdxArray ReadExamples(string path)
    {
        IdxArray examples = Read(path);
        int rank = examples.Dimensions.Count;
        if (rank < 2)
            throw new InvalidDataException($"{path}: it has {rank} dimension(s); examples must have at least 2, rows first.");
        if (examples.Values.IsEmpty)
            throw new InvalidDataException($"{path}: it holds no values; there must be at least one example of one feature.");
        return examples;
    }

    /// <summary>Reads a file of labels, [n], and subtracts the offset from each.</summary>
    internal static int[] ReadLabels(string path, int classCount, int offset)
    {
        IdxArray stored = Read(path);
        if (stored.Dimensions.Count != 1)
            throw new InvalidDataException($"{path}: it has {stored.Dimensions.Count} dimension(s); labels must have 1.");
        int[] labels = new int[stored.Values.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i] = stored.Values.Span[i] - offset;
            if ((uint)label < (uint)classCount) continue;
            throw new InvalidDataException($"{path}: label {i:N0} is " + (offset == 0
                ? $"{label}; it must be below the class count, {classCount}."
                : $"stored as {label + offset}; less the offset, {offset}, it must be from 0 to {classCount - 1}."));
        }

        return labels;
    }

    /// <summary>Joins examples and as many labels to a data set.</summary>
    internal static Dataset Join(
        IdxArray examples, string examplesPath, int[] labels, string labelsPath, int classCount, float scale, float shift)
    {
        int count = examples.Dimensions[0];
        if (labels.Length != count)
        {
            throw new InvalidDataException(
                $"{labelsPath}: it has {labels.Length:N0} labels; "
                + $"{examplesPath} has {count:N0} examples, and there must be one label for each.");
        }

        return Dataset.FromBytes(examples.Values, labels, examples.Values.Length / count, classCount, scale, shift);
    }

    private static IdxArray Read(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        int length = stream.ReadAtLeast(magic[..2], 2, throwOnEndOfStream: false);
        if (length == 2 && magic[0] == 0x1F && magic[1] == 0x8B)
        {
            using var unpacked = new GzipReader(magic[..2], stream, name);
            return ReadBody(unpacked, magic, 0, name, knowsLength: false);
        }

        return ReadBody(stream, magic, length, name, knowsLength: stream.CanSeek);
    }

    // 'magic' already holds the first 'read' bytes. Offsets in messages count the bytes of the IDX data, unpacked.
    private static IdxArray ReadBody(Stream stream, Span<byte> magic, int read, string name, bool knowsLength)
    {
        read += stream.ReadAtLeast(magic[read..], magic.Length - read, throwOnEndOfStream: false);
        if (read < magic.Length)
            throw new InvalidDataException($"{name}: it ends at byte {read}; an IDX header has at least 4 bytes.");
        if (magic[0] != 0 || magic[1] != 0)
            throw new InvalidDataException(
                $"{name}: it starts with {magic[0]:X2} {magic[1]:X2}; an IDX file starts with 00 00, a gzip file with 1F 8B.");
        CheckTypeCode(magic[2], name);

        int[] dimensions = ReadDimensions(stream, magic[3], name, out int count);
        int header = 4 + 4 * dimensions.Length;
        if (knowsLength && stream.Length - stream.Position != count)
            throw WrongLength(name, header, count, stream.Length - stream.Position);

        byte[] values = ReadValues(stream, count, name, header, knowsLength);
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException(
                $"{name}: it goes on after byte {header + (long)count:N0}, where its {count:N0} values end; nothing may follow.");
        return new IdxArray(dimensions, values);
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
        throw new InvalidDataException(
            $"{name}: its type code, at byte 2, is 0x{code:X2} ({meaning}); it must be 0x08, unsigned bytes.");
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
                throw new InvalidDataException(
                    $"{name}: it ends at byte {4 + 4 * i + read}, inside its header; "
                    + $"{rank} dimensions need a header of {4 + 4 * rank} bytes.");
            uint size = BinaryPrimitives.ReadUInt32BigEndian(word);
            if (size > Array.MaxLength || (product *= size) > Array.MaxLength)
                throw new InvalidDataException(
                    $"{name}: its dimensions up to the one at byte {4 + 4 * i} ({size:N0}) "
                    + $"multiply to more than an array can hold, {Array.MaxLength:N0} bytes.");
            dimensions[i] = (int)size;
        }

        count = (int)product;
        return dimensions;
    }

    // Block by block, unless the length was checked: a file of few bytes that claims many costs only one block.
    private static byte[] ReadValues(Stream stream, int count, string name, int header, bool knowsLength)
    {
        int blockLength = knowsLength ? count : BlockLength;
        var blocks = new List<byte[]>();
        for (int read = 0; read < count;)
        {
            byte[] block = GC.AllocateUninitializedArray<byte>(Math.Min(blockLength, count - read));
            int length = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            read += length;
            if (length < block.Length) throw WrongLength(name, header, count, read);
            blocks.Add(block);
        }

        if (blocks.Count == 1) return blocks[0];
        byte[] values = GC.AllocateUninitializedArray<byte>(count);
        for (int i = 0; i < blocks.Count; i++) blocks[i].CopyTo(values, i * blockLength);
        return values;
    }

    private static InvalidDataException WrongLength(string name, int header, int count, long left) =>
        new($"{name}: {left:N0} bytes follow its header of {header} bytes; its dimensions ask for {count:N0}.");
}
