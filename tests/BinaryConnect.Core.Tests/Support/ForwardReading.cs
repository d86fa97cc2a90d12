namespace BinaryConnect.Tests.Support;

/// <summary>The operations that a stream of the library offers.</summary>
internal static class ForwardReading
{
    /// <summary>Fails unless the stream reads forward, and says of all else that it does not support it.</summary>
    public static void AssertOnly(Stream stream)
    {
        Assert.That((stream.CanRead, stream.CanSeek, stream.CanWrite), Is.EqualTo((true, false, false)));
        Assert.That(() => stream.Length, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Position, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Position = 0, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.SetLength(0), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Write([1], 0, 1), Throws.TypeOf<NotSupportedException>());
        Assert.That(stream.Flush, Throws.Nothing);
    }
}
