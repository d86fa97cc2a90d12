using System.IO.Compression;

namespace BinaryConnect.Data.Gzip;

/// <summary>
/// Unpacks the members of a gzip stream (RFC 1952) in order, and leaves the packed stream open, at its end. It checks
/// the CRC-32 and length of each member. It refuses a last member that is cut short, and bytes that follow the last
/// member.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> checks a member whose trailer it reads. It accepts a cut-off trailer, and bytes that follow
/// the last member, without an error. So this reader appends a member with random content, the mark, to the packed
/// bytes. The mark comes out last exactly if the packed bytes end with a whole member. A cut-off member would consume
/// the mark's bytes. Bytes that are not a member would end the unpacking before the mark.
/// </remarks>
internal sealed class GzipReader : Stream
{
    private const int BufferLength = 1 << 15;
    private const int PlainHeaderLength = 10;
    private const byte Deflate = 8, HasExtraField = 4;
    private static readonly byte[] Mark = Guid.NewGuid().ToByteArray();
    private static readonly byte[] PackedMark = Pack(Mark);

    private readonly EnclosedStream _packed;
    private readonly GZipStream _unpacked;
    private readonly string _name;
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private int _afterPacked;

    /// <summary>Unpacks from the stream's current position on.</summary>
    /// <param name="begin">Packed bytes that were already read from the stream.</param>
    /// <param name="packed">The stream with the rest of the packed bytes.</param>
    /// <param name="name">The name of the stream in messages.</param>
    public GzipReader(ReadOnlySpan<byte> begin, Stream packed, string name)
    {
        _packed = new EnclosedStream(begin.ToArray(), packed, PackedMark);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
        _name = name;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads unpacked bytes; 0 at the end, once all are known to be intact.</summary>
    /// <exception cref="InvalidDataException">They are damaged, cut short or followed by other bytes.</exception>
    public override int Read(Span<byte> destination)
    {
        // The latest bytes are held back: they may be the mark.
        while (_end - _start <= Mark.Length)
        {
            if (destination.IsEmpty || !Fill()) return 0;
        }

        int length = Math.Min(destination.Length, _end - _start - Mark.Length);
        _buffer.AsSpan(_start, length).CopyTo(destination);
        _start += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    // Reads more, or finds the end and checks it.
    private bool Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read;
        try
        {
            read = _unpacked.Read(_buffer.AsSpan(_end));
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{_name}: its gzip data is damaged or cut short.", fault);
        }

        // Packed bytes are read when all bytes before them are unpacked. So only the mark follows. More output would
        // come from a cut-off member that consumes the mark's header, and that could be megabytes.
        _end += read;
        if (_packed.HasEnded) _afterPacked += read;
        if (_afterPacked > Mark.Length || (read == 0 && !_buffer.AsSpan(0, _end).SequenceEqual(Mark)))
            throw new InvalidDataException($"{_name}: its gzip data is cut short, or followed by bytes that are not gzip data.");
        return read > 0;
    }

    // A cut-off header could consume the mark's header to its last byte, and then use the mark's content as its own. So
    // the mark's header is longer than any field. Its filler is 0xFF: no block begins with it, and no name ends with
    // it.
    private static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression)) gzip.Write(content);
        byte[] filler = new byte[PlainHeaderLength - 4 + sizeof(ushort) + ushort.MaxValue];
        Array.Fill(filler, byte.MaxValue);
        return [0x1F, 0x8B, Deflate, HasExtraField, .. filler, .. packed.ToArray().AsSpan(PlainHeaderLength)];
    }
}
