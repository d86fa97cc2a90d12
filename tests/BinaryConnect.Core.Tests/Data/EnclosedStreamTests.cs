using BinaryConnect.Data.Gzip;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class EnclosedStreamTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(100)]
    public void It_gives_what_is_before_the_stream_and_after_whatever_the_size_of_reads(int size)
    {
        using var middle = new MemoryStream([9, 3, 4, 5, 6]) { Position = 1 };
        using var stream = new EnclosedStream([1, 2], middle, [7, 8, 9]);
        var given = new List<byte>();
        byte[] buffer = new byte[size];

        for (int length; (length = stream.Read(buffer, 0, size)) > 0;) given.AddRange(buffer.AsSpan(0, length));

        Assert.That(given, Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
        Assert.That(stream.Read(buffer), Is.Zero);
    }

    [Test]
    public void It_tells_the_end_of_the_stream()
    {
        using var stream = new EnclosedStream([1], new MemoryStream([2]), [3]);
        var ended = new List<bool>();

        for (int i = 0; i < 4; i++)
        {
            ended.Add(stream.HasEnded);
            stream.ReadByte();
        }

        Assert.That(ended, Is.EqualTo(new[] { false, false, false, true }));
    }

    [Test]
    public void Each_part_may_be_empty()
    {
        using var stream = new EnclosedStream([], new MemoryStream([]), []);

        Assert.That(stream.ReadByte(), Is.EqualTo(-1));
    }

    [Test]
    public void A_read_of_nothing_does_not_end_a_part()
    {
        using var stream = new EnclosedStream([1], new MemoryStream([2]), [3]);

        Assert.That(stream.ReadByte(), Is.EqualTo(1));
        Assert.That(stream.Read([]), Is.Zero);
        Assert.That((stream.ReadByte(), stream.ReadByte(), stream.ReadByte()), Is.EqualTo((2, 3, -1)));
    }

    [Test]
    public void A_read_writes_where_it_was_asked_to()
    {
        using var stream = new EnclosedStream([1, 2], new MemoryStream([3]), []);
        byte[] buffer = [9, 9, 9, 9];

        int length = stream.Read(buffer, 1, 2);

        Assert.That(length, Is.EqualTo(2));
        Assert.That(buffer, Is.EqualTo(new byte[] { 9, 1, 2, 9 }));
    }

    [Test]
    public void The_stream_stays_open()
    {
        using var middle = new ForwardOnlyStream([1], 1);

        using (var stream = new EnclosedStream([], middle, [])) stream.Flush();

        Assert.That(middle.IsDisposed, Is.False);
    }

    [Test]
    public void It_reads_forward_and_nothing_else()
    {
        using var stream = new EnclosedStream([1], new MemoryStream([2]), []);

        ForwardReading.AssertOnly(stream);
    }
}
