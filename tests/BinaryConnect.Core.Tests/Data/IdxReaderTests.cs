using BinaryConnect.Data;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Data;

internal sealed class IdxReaderTests
{
    private static readonly Gen<(uint[] Dimensions, byte[] Values)> Arrays =
        Gen.UInt[0, 6].Array[0, 5].SelectMany(
            dimensions => Gen.Byte.Array[dimensions.Aggregate(1, (product, size) => product * (int)size)],
            (dimensions, values) => (dimensions, values));

    [Test]
    public void Any_array_of_up_to_five_dimensions_comes_back_plain_or_packed_from_any_stream()
    {
        Arrays.Sample(
            (dimensions, values) =>
            {
                byte[] plain = IdxBytes.Of(dimensions, values), packed = Gzip.Pack(plain);
                AssertHolds(IdxReader.Read(new MemoryStream(plain)), dimensions, values);
                AssertHolds(IdxReader.Read(new MemoryStream(packed)), dimensions, values);
                AssertHolds(IdxReader.Read(new ForwardOnlyStream(plain, mostAtOnce: 3)), dimensions, values);
                AssertHolds(IdxReader.Read(new ForwardOnlyStream(packed, mostAtOnce: 1)), dimensions, values);
            },
            iter: 200);
    }

    [TestCase("digits.gz", false)]
    [TestCase("digits", true)]
    public void Packing_is_told_by_content_and_not_by_name(string name, bool packed)
    {
        using var folder = new TemporaryFolder();
        byte[] plain = IdxBytes.Counting(3, 2, 2);

        IdxArray array = IdxReader.Read(folder.Write(name, packed ? Gzip.Pack(plain) : plain));

        AssertHolds(array, [3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    }

    // The values are read into a buffer of one mebibyte first, which then grows.
    [TestCase(1 << 20)]
    [TestCase((1 << 20) + 1)]
    [TestCase(5_000_000)]
    public void Arrays_around_and_beyond_the_first_buffer_come_back_whole(int length)
    {
        byte[] plain = IdxBytes.Counting((uint)length);

        IdxArray seekable = IdxReader.Read(new MemoryStream(plain));
        IdxArray packed = IdxReader.Read(new MemoryStream(Gzip.Pack(plain)));

        Assert.That(seekable.Values.Span.SequenceEqual(plain.AsSpan(8)), Is.True);
        Assert.That(packed.Values.Span.SequenceEqual(plain.AsSpan(8)), Is.True);
    }

    [Test]
    public void A_stream_is_read_from_where_it_stands()
    {
        byte[] file = [0xAA, 0xBB, 0xCC, .. IdxBytes.Counting(5)];
        using var stream = new MemoryStream(file) { Position = 3 };

        AssertHolds(IdxReader.Read(stream), [5], [0, 1, 2, 3, 4]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_stream_stays_open_at_its_end(bool packed)
    {
        byte[] plain = IdxBytes.Counting(5), file = packed ? Gzip.Pack(plain) : plain;
        using var stream = new ForwardOnlyStream(file, mostAtOnce: 100);
        using var seekable = new MemoryStream(file);

        IdxReader.Read(stream);
        IdxReader.Read(seekable);

        Assert.That(stream.IsDisposed, Is.False);
        Assert.That(stream.ReadByte(), Is.EqualTo(-1));
        Assert.That(seekable.Position, Is.EqualTo(file.Length));
    }

    // "cat a.gz b.gz" makes files of several members, and so do parallel packers.
    [Test]
    public void Several_gzip_members_are_read_as_one_file_wherever_they_are_cut()
    {
        byte[] plain = IdxBytes.Counting(3, 2, 2);

        for (int cut = 0; cut <= plain.Length; cut++)
        {
            byte[] packed = [.. Gzip.Pack(plain[..cut]), .. Gzip.Pack(plain[cut..]), .. Gzip.Pack([])];
            AssertHolds(IdxReader.Read(new MemoryStream(packed)), [3, 2, 2], plain[16..]);
            AssertHolds(IdxReader.Read(new ForwardOnlyStream(packed, mostAtOnce: 1)), [3, 2, 2], plain[16..]);
        }
    }

    [Test]
    public void A_file_is_closed_after_reading()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("labels", IdxBytes.Counting(5));

        IdxReader.Read(path);

        Assert.That(() => File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Arguments_must_name_something()
    {
        Assert.That(
            () => IdxReader.Read((Stream)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("stream"));
        Assert.That(() => IdxReader.Read((string)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => IdxReader.Read(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        using var folder = new TemporaryFolder();
        Assert.That(() => IdxReader.Read(folder.PathOf("none")), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => IdxReader.Read(folder.Path), Throws.TypeOf<UnauthorizedAccessException>(), "a folder");
        var closed = new MemoryStream();
        closed.Dispose();
        Assert.That(
            () => IdxReader.Read(closed),
            Throws.TypeOf<ArgumentException>().With.Message.EqualTo(
                "'stream' is closed or write-only; it must be readable. (Parameter 'stream')"));
    }

    private static void AssertHolds(IdxArray array, uint[] dimensions, byte[] values)
    {
        Assert.That(array.Dimensions, Is.EqualTo(dimensions));
        Assert.That(array.Values.ToArray(), Is.EqualTo(values));
    }
}
