using System.Security.Cryptography;
using BinaryConnect.Guards;

namespace BinaryConnect.Files;

/// <summary>
/// Writes a safetensors file: the length of a JSON header in 8 bytes, the header, then the values of each tensor.
/// Tensors go from the widest type to the narrowest, so that each is aligned. The same tensors and metadata give the
/// same bytes. Values are not copied; they must not change while the file is written.
/// </summary>
internal sealed class SafetensorsWriter
{
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<AddedTensor> _tensors = [];

    /// <summary>Adds a text to the metadata.</summary>
    /// <exception cref="ArgumentException">
    /// The name is taken or is the checksum's, a text is not whole Unicode, or the file can hold no more texts.
    /// </exception>
    public void AddMetadata(string name, string text)
    {
        Guard.WholeText(name, nameof(name));
        Guard.WholeText(text, nameof(text));
        if (name == Checksum.Name)
            throw new ArgumentException(
                $"'{name}' is the name of the checksum, which is written by itself; metadata must have another.", nameof(name));
        CheckCount(_metadata.Count + 1, "texts");
        if (!_metadata.TryAdd(name, text))
            throw new ArgumentException($"'{name}' is among the metadata already; a name must be there once.", nameof(name));
    }

    /// <summary>Adds a tensor whose values are in memory.</summary>
    /// <inheritdoc cref="Add{T}(string, ReadOnlySpan{long}, Func{ReadOnlySpan{T}})"/>
    public void Add<T>(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<T> values)
        where T : unmanaged => Add(name, shape, () => values.Span);

    /// <summary>Adds a tensor whose values are requested when they are written.</summary>
    /// <exception cref="ArgumentException">
    /// The name is taken or is not whole Unicode. Or the number of values is not that of the shape, the shape has more
    /// than 8 sizes, or the file can hold no more tensors.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="NotSupportedException">No file holds values of that type.</exception>
    public void Add<T>(string name, ReadOnlySpan<long> shape, Func<ReadOnlySpan<T>> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        Guard.WholeText(name, nameof(name));
        if (name == SafetensorsHeader.MetadataName)
            throw new ArgumentException($"'{name}' is the name of the metadata; a tensor must have another.", nameof(name));
        DataType type = DataType.Of<T>();
        foreach (long size in shape) ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
        if (shape.Length > Shape.MostSizes)
            throw new ArgumentException(
                $"'shape' has {shape.Length:N0} sizes; it must have at most {Shape.MostSizes}.", nameof(shape));
        CheckCount(_tensors.Count, "tensors");
        int length = values().Length;
        if (!Shape.TryCount(shape, out long count) || length != count)
            throw new ArgumentException(
                $"'values' has length {length:N0}; it must have as many as 'shape', {Shape.Text(shape)}, asks for.",
                nameof(values));
        if (!_names.Add(name))
            throw new ArgumentException($"'{name}' is among the tensors already; a name must be there once.", nameof(name));
        var entry = new TensorEntry(name, type, shape.ToArray(), 0, count * type.Size);
        _tensors.Add(new(entry, taker => Give(name, values(), length, taker)));
    }

    /// <summary>Writes the file to a stream from its current position on, and leaves the stream open.</summary>
    /// <exception cref="InvalidOperationException">
    /// The number of a tensor's values has changed since it was added, or the header is too long.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        AddedTensor[] tensors = [.. _tensors.OrderByDescending(tensor => tensor.Entry.Type.Size)];
        (byte[] header, Range checksum) = SafetensorsHeaderWriter.Write(OneAfterTheOther(tensors), _metadata);

        // The checksum comes before the values, so they are read twice.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (AddedTensor tensor in tensors) tensor.GiveBytes(hash.AppendData);
        Checksum.Set(header.AsSpan(checksum), hash.GetHashAndReset());
        stream.Write(header);
        foreach (AddedTensor tensor in tensors) tensor.GiveBytes(stream.Write);
    }

    // The checksum is one of the texts.
    private static void CheckCount(int count, string what)
    {
        if (count >= SafetensorsHeader.MostEntries)
            throw new ArgumentException(
                $"There are {SafetensorsHeader.MostEntries:N0} {what} already; a file must have at most as many.");
    }

    private static IEnumerable<TensorEntry> OneAfterTheOther(IEnumerable<AddedTensor> tensors)
    {
        long begin = 0;
        foreach (AddedTensor tensor in tensors)
        {
            yield return tensor.Entry with { Begin = begin, End = begin + tensor.Entry.End };
            begin += tensor.Entry.End;
        }
    }

    private static void Give<T>(string name, ReadOnlySpan<T> values, int length, Action<ReadOnlySpan<byte>> taker)
        where T : unmanaged
    {
        if (values.Length != length)
            throw new InvalidOperationException(
                $"Tensor '{name}' has {values.Length:N0} values now; it must have as many as when it was added, {length:N0}.");
        RawBytes.Give(values, taker);
    }

    // An entry that begins at 0, and an action that passes on the tensor's bytes in blocks.
    private sealed record AddedTensor(TensorEntry Entry, Action<Action<ReadOnlySpan<byte>>> GiveBytes);
}
