namespace BinaryConnect.Data;

/// <summary>A stream whose first bytes were already read: gives them once more, then goes on. It leaves the stream open.</summary>
internal sealed class PrefixedStream(ReadOnlySpan<byte> prefix, Stream rest) : Stream
{
    private readonly byte[] _prefix = prefix.ToArray();
    private int _given;

    /// <summary>The last four bytes given so far, as a little-endian number. At a gzip file's end: how many bytes it unpacks to.</summary>
    public uint LastWord { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int length;
        if (_given == _prefix.Length)
        {
            length = rest.Read(buffer);
        }
        else
        {
            length = Math.Min(buffer.Length, _prefix.Length - _given);
            _prefix.AsSpan(_given, length).CopyTo(buffer);
            _given += length;
        }

        foreach (byte value in buffer[Math.Max(0, length - 4)..length]) LastWord = (LastWord >> 8) | ((uint)value << 24);
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
