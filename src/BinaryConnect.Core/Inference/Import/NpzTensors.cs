using System.IO.Compression;
using BinaryConnect.Files;
using BinaryConnect.Guards;

namespace BinaryConnect.Inference.Import;

/// <summary>
/// The arrays of a file that <c>numpy.savez</c> or <c>numpy.savez_compressed</c> wrote: a ZIP file with an entry
/// NAME.npy for each. An entry is unpacked and compared with its checksum before memory is taken for its values.
/// </summary>
internal sealed class NpzTensors : ITensorFile
{
    private const string Suffix = ".npy";
    private const int BlockLength = 1 << 16;

    private readonly string _file;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private Stream? _open;

    /// <summary>Reads the list of entries; the stream is closed with this object, or if this throws.</summary>
    /// <exception cref="InvalidDataException">It is no ZIP file of arrays, or damaged.</exception>
    public NpzTensors(Stream stream, string file)
    {
        _file = file;
        try
        {
            _archive = Guarded(() => new ZipArchive(stream, ZipArchiveMode.Read));
            foreach (ZipArchiveEntry entry in Guarded(() => _archive.Entries)) Add(entry);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public ImportedTensor Tensor(string name)
    {
        ZipArchiveEntry entry = EntryOf(name);
        NpyHeader header = Guarded(() => HeaderOf(entry), name);
        if (!Shape.TryCountBytes(header.Shape, header.Type.Size, out long bytes) || bytes != entry.Length - header.Length)
        {
            throw Fault(
                $"tensor '{Excerpt.Of(name)}' has {entry.Length - header.Length:N0} bytes of values; its shape "
                + $"{Shape.Text(header.Shape)} of {header.Type.Name} takes {(bytes > 0 ? $"{bytes:N0}" : "others")}.");
        }

        return new ImportedTensor(name, header.Type, header.Shape, header.IsColumnMajor);
    }

    public Stream Open(ImportedTensor tensor)
    {
        ZipArchiveEntry entry = EntryOf(tensor.Name);
        return Guarded(
            () =>
            {
                CheckContent(entry);
                _open?.Dispose();
                _open = entry.Open();
                NpyHeader.Read(_open);
                return _open;
            },
            tensor.Name);
    }

    public InvalidDataException Fault(string what) => new($"{_file}: {what}");

    public void Dispose()
    {
        _open?.Dispose();
        _archive.Dispose();
    }

    private static NpyHeader HeaderOf(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        return NpyHeader.Read(stream);
    }

    private static void CheckContent(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] block = new byte[BlockLength];
        long length = 0;
        uint checksum = 0;
        for (int read; length <= entry.Length && (read = stream.Read(block)) > 0; length += read)
            checksum = Crc32.Append(checksum, block.AsSpan(0, read));
        if (length != entry.Length)
            throw new FormatException($"unpacks to other than its {entry.Length:N0} bytes");
        if (checksum != entry.Crc32)
            throw new FormatException($"has a checksum of {entry.Crc32:X8}; its bytes give {checksum:X8}");
    }

    private void Add(ZipArchiveEntry entry)
    {
        if (!entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)) return;
        string name = entry.FullName[..^Suffix.Length];
        if (!_entries.TryAdd(name, entry))
            throw Fault($"it has tensor '{Excerpt.Of(name)}' twice; a name must be there once.");
        if (_entries.Count > SafetensorsHeader.MostEntries)
            throw Fault($"it has more than {SafetensorsHeader.MostEntries:N0} tensors; it must have at most as many.");
    }

    private ZipArchiveEntry EntryOf(string name) =>
        _entries.TryGetValue(name, out ZipArchiveEntry? entry)
            ? entry
            : throw Fault(
                $"it has no tensor '{Excerpt.Of(name)}'; its tensors are "
                + $"{Excerpt.OfAll([.. _entries.Keys.Order(StringComparer.Ordinal)])}.");

    // .NET has several exceptions for damaged ZIP files.
    private T Guarded<T>(Func<T> read, string? name = null)
    {
        string what = name is null ? "its list of entries" : $"tensor '{Excerpt.Of(name)}'";
        try
        {
            return read();
        }
        catch (FormatException fault)
        {
            throw Fault($"{what} {fault.Message}.");
        }
        catch (EndOfStreamException)
        {
            throw Fault($"{what} ends too early.");
        }
        catch (Exception fault) when (fault is InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw Fault($"{what} is damaged, or packed in an unknown way. {Excerpt.OneLine(fault.Message)}");
        }
    }
}
