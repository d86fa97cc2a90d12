namespace BinaryConnect.Data.Gzip;

/// <summary>
/// Gives some bytes, then those of a stream from its current position to its end, then some more.
/// It leaves the stream open.
/// </summary>
internal sealed class EnclosedStream(byte[] before, Stream stream, byte[] after) : Stream
{
    private int _givenBefore;
    private int _givenAfter;

    /// <summary>Whether the stream has ended, so that the bytes after it follow.</summary>
    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (_givenBefore < before.Length) return Give(before, ref _givenBefore, buffer);
        int length = HasEnded ? 0 : stream.Read(buffer);
        HasEnded = length == 0;
        return HasEnded ? Give(after, ref _givenAfter, buffer) : length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static int Give(byte[] bytes, ref int given, Span<byte> buffer)
    {
        int length = Math.Min(buffer.Length, bytes.Length - given);
        bytes.AsSpan(given, length).CopyTo(buffer);
        given += length;
        return length;
    }
}
