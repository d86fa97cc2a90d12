namespace BinaryConnect.Data;

/// <summary>A stream whose first bytes were already read: gives them once more, then goes on. It leaves the stream open.</summary>
internal sealed class PrefixedStream(ReadOnlySpan<byte> prefix, Stream rest) : Stream
{
    private readonly byte[] _prefix = prefix.ToArray();
    private int _given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (_given == _prefix.Length) return rest.Read(buffer);
        int length = Math.Min(buffer.Length, _prefix.Length - _given);
        _prefix.AsSpan(_given, length).CopyTo(buffer);
        _given += length;
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
