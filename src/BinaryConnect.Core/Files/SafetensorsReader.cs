using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using BinaryConnect.Guards;

namespace BinaryConnect.Files;

/// <summary>
/// Reads a safetensors file. The whole file is checked when it is opened, with its checksum if it has one. No claim of
/// the file is used before that check, and memory is allocated only for bytes that exist. Every fault of the file is an
/// <see cref="InvalidDataException"/> whose message starts with the file's name.
/// </summary>
internal sealed class SafetensorsReader : IDisposable
{
    private const int LengthBytes = sizeof(ulong);
    private const int BlockLength = 1 << 16;
    private readonly Stream _stream;
    private readonly string _file;
    private readonly bool _ownsStream;
    private readonly long _dataStart;
    private readonly IReadOnlyDictionary<string, TensorEntry> _tensors;

    private SafetensorsReader(Stream stream, string file, bool ownsStream, bool requireChecksum)
    {
        _stream = stream;
        _file = file;
        _ownsStream = ownsStream;
        byte[] start = ReadStart();
        _dataStart = stream.Position;
        long dataLength = stream.Length - _dataStart;
        SafetensorsHeader header = SafetensorsHeaderParser.Parse(start.AsSpan(LengthBytes), file);
        Tensors = [.. header.Tensors.Values];
        TensorLayout.Check(Tensors, dataLength, file);
        _tensors = header.Tensors;
        Metadata = header.Metadata;
        if (header.Checksum is Range checksum) CheckHash(start, start.AsSpan(LengthBytes)[checksum], dataLength);
        else if (requireChecksum) throw Fault($"its metadata has no '{Checksum.Name}'; it must have one.");
    }

    /// <summary>Its texts by name, including the checksum.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Its tensors, in no particular order.</summary>
    public IReadOnlyCollection<TensorEntry> Tensors { get; }

    /// <summary>Opens and checks a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="requireChecksum">Whether a file without a checksum is refused.</param>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read, does not exist, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafetensorsReader Open(string path, bool requireChecksum = false)
    {
        FileStream file = OpenFile(path);
        try
        {
            return new SafetensorsReader(file, path, ownsStream: true, requireChecksum);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a regular file, and does not read it.</summary>
    /// <exception cref="IOException">It cannot be read, does not exist, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Opening a FIFO would block.
        if (FileStatus.Of(path).Kind is not (FileKind.Regular or FileKind.Missing))
            throw new IOException($"{path}: it is a folder, FIFO, socket or device; it must be a regular file.");

        // Sharing deletion lets the file be replaced while it is read.
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    /// <summary>Opens and checks a stream from its current position to its end. The stream stays open.</summary>
    /// <param name="stream">Readable and seekable.</param>
    /// <param name="requireChecksum">Whether a file without a checksum is refused.</param>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot seek.</exception>
    /// <inheritdoc cref="Open(string, bool)"/>
    public static SafetensorsReader Open(Stream stream, bool requireChecksum = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            throw new ArgumentException(
                "'stream' cannot seek; it must, since a file is checked before it is read.", nameof(stream));
        return new SafetensorsReader(stream, "The stream", ownsStream: false, requireChecksum);
    }

    /// <summary>A finite number in the metadata; null where there is no text of that name.</summary>
    /// <exception cref="InvalidDataException">The text is no finite number.</exception>
    public float? FindNumber(string name)
    {
        if (!Metadata.TryGetValue(name, out string? text)) return null;
        bool isNumber = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number);
        return isNumber && float.IsFinite(number)
            ? number
            : throw Fault($"'{name}' is '{Excerpt.Of(text)}'; it must be a finite number.");
    }

    /// <summary>A finite number in the metadata.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or the text is no finite number.</exception>
    public float Number(string name) => FindNumber(name) ?? throw Fault($"its metadata has no '{name}'.");

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>The entry of a tensor in the header.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public TensorEntry Tensor(string name) =>
        _tensors.TryGetValue(name, out TensorEntry? tensor)
            ? tensor
            : throw Fault(
                $"it has no tensor '{Excerpt.Of(name)}'; its tensors are "
                + $"{Excerpt.OfAll([.. _tensors.Keys.Order(StringComparer.Ordinal)])}.");

    /// <summary>The entry of a tensor that must have a type and a shape.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or its type or shape is another.</exception>
    /// <exception cref="NotSupportedException">No file holds values of that type.</exception>
    public TensorEntry Tensor<T>(string name, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        TensorEntry tensor = Tensor(name);
        DataType type = DataType.Of<T>();
        if (tensor.Type != type)
            throw Fault($"tensor '{Excerpt.Of(name)}' has values of {tensor.Type.Name}; they must be of {type.Name}.");
        if (!shape.SequenceEqual(tensor.Shape))
            throw Fault($"tensor '{Excerpt.Of(name)}' has shape {Shape.Text(tensor.Shape)}; it must be {Shape.Text(shape)}.");
        return tensor;
    }

    /// <summary>Reads a tensor's values.</summary>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <param name="values">The destination, as many values as the shape has.</param>
    /// <exception cref="InvalidDataException">
    /// There is no tensor of that name, or its type or shape is another; nothing was written.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> has not the length of the shape.</exception>
    /// <exception cref="NotSupportedException">No file holds values of that type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read<T>(string name, ReadOnlySpan<long> shape, Span<T> values)
        where T : unmanaged
    {
        TensorEntry tensor = Tensor<T>(name, shape);
        Guard.Length(
            values.Length, (tensor.End - tensor.Begin) / tensor.Type.Size, nameof(values), "the length that 'shape' asks for");
        _stream.Position = _dataStart + tensor.Begin;
        RawBytes.Read(_stream, values);
    }

    /// <summary>The stream of the file, at the first value of a tensor; reading other tensors moves it.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public Stream StreamOf(string name)
    {
        _stream.Position = _dataStart + Tensor(name).Begin;
        return _stream;
    }

    /// <summary>Reads values that must be finite, and at least <paramref name="least"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// There is no tensor of that name, or its type or shape is another, or a value is out of range.
    /// </exception>
    /// <inheritdoc cref="Read"/>
    public void ReadFinite(string name, ReadOnlySpan<long> shape, Span<float> values, float least)
    {
        Read(name, shape, values);
        if (!TensorPrimitives.IsFiniteAll<float>(values))
            throw Fault($"tensor '{Excerpt.Of(name)}' has NaN or infinite values; all must be finite.");
        for (int i = 0; i < values.Length && least > float.MinValue; i++)
        {
            if (values[i] < least)
                throw Fault($"tensor '{Excerpt.Of(name)}' has {values[i]} at {i:N0}; it must be at least {least}.");
        }
    }

    /// <summary>An exception that names this file and a fault of it.</summary>
    public InvalidDataException Fault(string what) => new($"{_file}: {what}");

    public void Dispose()
    {
        if (_ownsStream) _stream.Dispose();
    }

    // Returns the length of the header and the header. Both are known to exist before memory is allocated for them.
    private byte[] ReadStart()
    {
        long left = _stream.Length - _stream.Position;
        if (left < LengthBytes)
            throw Fault($"it ends at byte {left}; it must start with 8 bytes that give the length of its header.");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        _stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is 0 or > SafetensorsHeader.MostBytes)
            throw Fault($"its header has a length of {length:N0}; it must be from 1 to {SafetensorsHeader.MostBytes:N0}.");
        if ((long)length > left - LengthBytes)
            throw Fault($"its header has a length of {length:N0}; only {left - LengthBytes:N0} bytes follow.");
        byte[] start = new byte[LengthBytes + (int)length];
        prefix.CopyTo(start);
        _stream.ReadExactly(start.AsSpan(LengthBytes));
        return start;
    }

    private void CheckHash(byte[] start, Span<byte> checksum, long dataLength)
    {
        if (!Checksum.IsWellFormed(checksum))
            throw Fault(
                $"its checksum is '{Excerpt.Of(Metadata[Checksum.Name])}'; it must be 'sha256:' and 64 hexadecimal digits.");
        byte[] stored = checksum.ToArray();
        Checksum.Clear(checksum);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start);
        byte[] buffer = new byte[Math.Min(BlockLength, dataLength)];
        for (long left = dataLength; left > 0; left -= buffer.Length)
        {
            Span<byte> block = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            _stream.ReadExactly(block);
            hash.AppendData(block);
        }

        Checksum.Set(checksum, hash.GetHashAndReset());
        if (!checksum.SequenceEqual(stored))
            throw Fault(
                $"its checksum is {Metadata[Checksum.Name]}; its bytes give {Encoding.ASCII.GetString(checksum)}. "
                + "It was damaged after it was written.");
    }
}
