using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class PrefixedStreamTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(100)]
    public void It_gives_the_prefix_and_then_the_rest_whatever_the_size_of_reads(int size)
    {
        using var rest = new MemoryStream([3, 4, 5, 6]);
        using var stream = new PrefixedStream([1, 2], rest);
        var given = new List<byte>();
        byte[] buffer = new byte[size];

        for (int length = stream.Read(buffer, 0, size); length > 0; length = stream.Read(buffer, 0, size)) given.AddRange(buffer.AsSpan(0, length));

        Assert.That(given, Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(stream.LastWord, Is.EqualTo(0x06050403u));
        Assert.That(stream.Read(buffer), Is.Zero);
        Assert.That(stream.LastWord, Is.EqualTo(0x06050403u), "the end changes nothing");
    }

    [Test]
    public void The_last_word_may_span_prefix_and_rest()
    {
        using var stream = new PrefixedStream([0x11, 0x22], new MemoryStream([0x33]));

        Assert.That(stream.LastWord, Is.Zero);
        while (stream.ReadByte() >= 0)
        {
        }

        Assert.That(stream.LastWord, Is.EqualTo(0x33221100u));
    }

    [Test]
    public void A_read_writes_where_it_was_asked_to()
    {
        using var stream = new PrefixedStream([1, 2], new MemoryStream([3]));
        byte[] buffer = [9, 9, 9, 9];

        int length = stream.Read(buffer, 1, 2);

        Assert.That(length, Is.EqualTo(2));
        Assert.That(buffer, Is.EqualTo(new byte[] { 9, 1, 2, 9 }));
    }

    [Test]
    public void The_rest_stays_open()
    {
        using var rest = new ForwardOnlyStream([1], 1);

        using (var stream = new PrefixedStream([], rest)) stream.Flush();

        Assert.That(rest.IsDisposed, Is.False);
    }

    [Test]
    public void It_reads_forward_and_nothing_else()
    {
        using var stream = new PrefixedStream([1], new MemoryStream([2]));

        Assert.That((stream.CanRead, stream.CanSeek, stream.CanWrite), Is.EqualTo((true, false, false)));
        Assert.That(() => stream.Length, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Position, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Position = 0, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.SetLength(0), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => stream.Write([1], 0, 1), Throws.TypeOf<NotSupportedException>());
    }
}
