using System.IO.Compression;
using BinaryConnect.Data.Gzip;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class GzipReaderTests
{
    private const string Damaged = "It: its gzip data is damaged or cut short.";
    private const string NoWholeEnd = "It: its gzip data is cut short, or followed by bytes that are not gzip data.";

    // The reader's own buffers are of 32 KiB, those of the runtime of 8 KiB.
    private static readonly int[] Lengths = [0, 1, 15, 16, 17, 8191, 8192, 8193, 32_751, 32_752, 32_753, 32_768, 200_000];

    private static readonly byte[] Small = Content(40);

    [TestCaseSource(nameof(Lengths))]
    public void Content_of_any_length_comes_out_whole_at_any_compression(int length)
    {
        byte[] content = Content(length);

        foreach (CompressionLevel level in Enum.GetValues<CompressionLevel>())
        {
            byte[] packed = Gzip.Pack(content, level);
            foreach ((int inputs, int outputs) in new[] { (1, 100_000), (100_000, 1), (7, 13), (8192, 8192) })
                Assert.That(Unpack(packed, inputs, outputs), Is.EqualTo(content), $"{level}, {inputs} bytes in, {outputs} out");
        }
    }

    [Test]
    public void Members_come_out_as_one_wherever_the_content_is_cut()
    {
        for (int cut = 0; cut <= Small.Length; cut++)
        {
            byte[] packed = [.. Gzip.Pack(Small[..cut]), .. Gzip.Pack([]), .. Gzip.Pack(Small[cut..])];

            for (int inputs = 1; inputs <= 90; inputs++)
                Assert.That(Unpack(packed, inputs, 11), Is.EqualTo(Small), $"cut at {cut}, {inputs} bytes in");
        }
    }

    // The runtime's reader does not report that the last 8 bytes, or fewer of them, are missing.
    [Test]
    public void A_member_cut_short_anywhere_is_refused_first_or_last()
    {
        byte[] first = Gzip.Pack(Small, CompressionLevel.NoCompression), second = Gzip.Pack([1, 2, 3]);

        for (int cut = 1; cut < first.Length; cut++)
        {
            foreach (int inputs in new[] { 1, 2, 7, 100 })
            {
                AssertRefused(first[..cut], inputs);
                AssertRefused([.. first[..cut], .. second], inputs);
            }
        }

        for (int cut = 1; cut < second.Length; cut++) AssertRefused([.. first, .. second[..cut]], 100);
    }

    // The runtime's reader stops looking for members when one byte is left at the end of a block of input.
    [Test]
    public void Whatever_follows_the_last_member_is_refused_however_it_arrives()
    {
        byte[] packed = Gzip.Pack(Small);
        byte[][] followers =
            [[0], [0, 0], new byte[512], [0x1F], [0x1F, 0x8B], [0x1F, 0], [0x8B, 0x1F], packed[1..], [0, .. packed]];

        foreach (byte[] follower in followers)
        {
            for (int inputs = 1; inputs <= packed.Length + 40; inputs++) AssertRefused([.. packed, .. follower], inputs);
        }
    }

    // For each optional field, some length makes the field end at the content of the next member.
    [TestCase(0x04, false, TestName = "A_cut_extra_field_of_any_length_is_refused")]
    [TestCase(0x06, false, TestName = "A_cut_extra_field_of_any_length_before_a_checksum_is_refused")]
    [TestCase(0x0C, false, TestName = "A_cut_extra_field_of_any_length_before_a_name_is_refused")]
    [TestCase(0x1C, true, TestName = "A_cut_extra_field_of_any_length_before_name_and_comment_is_refused")]
    public void A_header_cut_short_after_the_last_member(byte flags, bool hasBegun)
    {
        byte[] packed = Gzip.Pack(Small);
        for (int length = 0; length <= ushort.MaxValue; length += length < 300 || length > 65_200 ? 1 : 37)
        {
            byte[] begun = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3, (byte)length, (byte)(length >> 8)];
            AssertRefused([.. packed, .. begun, .. hasBegun && length > 0 ? [1] : Array.Empty<byte>()], 100_000);
        }
    }

    [TestCase(0x08, TestName = "A_cut_name_is_refused")]
    [TestCase(0x10, TestName = "A_cut_comment_is_refused")]
    [TestCase(0x18, TestName = "A_cut_name_before_a_comment_is_refused")]
    [TestCase(0x1A, TestName = "A_cut_name_before_a_comment_and_a_checksum_is_refused")]
    [TestCase(0x00, TestName = "A_cut_plain_header_is_refused")]
    public void A_header_cut_short_somewhere_after_the_last_member(byte flags)
    {
        byte[] packed = Gzip.Pack(Small), begun = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3, (byte)'a', 0, (byte)'b', 0];

        for (int length = 1; length <= begun.Length; length++) AssertRefused([.. packed, .. begun[..length]], 100_000);
    }

    // Input runs out long before output does.
    [Test]
    public void Content_that_is_much_longer_than_its_packing_comes_out_whole()
    {
        byte[] content = new byte[3_000_000], packed = Gzip.Pack(content);
        Assert.That(packed, Has.Length.LessThan(8192));

        Assert.That(Unpack(packed, 100_000, 100_000).AsSpan().SequenceEqual(content), Is.True);
        Assert.That(Unpack([.. packed, .. packed], 100_000, 100_000), Has.Length.EqualTo(6_000_000));
    }

    // The codes of a block cut short must not be found in the reader's own bytes.
    [Test]
    public void Content_that_is_cut_short_gives_no_more_than_there_is()
    {
        byte[] packed = Gzip.Pack(new byte[3_000_000]);
        for (int cut = 20; cut < packed.Length; cut += 7)
        {
            using var reader = new GzipReader(packed.AsSpan(0, 1), new MemoryStream(packed[1..cut]), "It");
            int length = 0;
            try
            {
                for (int read; (read = reader.Read(new byte[100_000])) > 0;) length += read;
                Assert.Fail("it was read");
            }
            catch (InvalidDataException)
            {
                Assert.That(length, Is.LessThanOrEqualTo(Runtime(packed[..cut])));
            }
        }

        static int Runtime(byte[] cut)
        {
            using var gzip = new GZipStream(new MemoryStream(cut), CompressionMode.Decompress);
            int length = 0;
            for (int read; (read = gzip.Read(new byte[100_000])) > 0;) length += read;
            return length;
        }
    }

    [Test]
    public void A_wrong_bit_in_checksum_or_length_is_refused_in_every_member()
    {
        byte[] packed = Gzip.Pack(Small);

        for (int bit = 0; bit < 64; bit++)
        {
            byte[] changed = [.. packed];
            changed[^(1 + bit / 8)] ^= (byte)(1 << bit % 8);

            foreach (byte[] file in new[] { changed, [.. changed, .. packed], [.. packed, .. changed] })
                Assert.That(() => Unpack(file, 100, 100), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(Damaged));
        }
    }

    // If a stored block loses n bytes, deflate reads n bytes of the checksum and the length as values.
    [Test]
    public void Bytes_lost_from_a_stored_block_are_found()
    {
        byte[] packed = Gzip.Pack(Small, CompressionLevel.NoCompression);
        int start = packed.AsSpan().IndexOf(Small);
        Assert.That(start, Is.GreaterThan(0), "the block is stored");

        for (int lost = 1; lost <= Small.Length; lost++) AssertRefused([.. packed[..start], .. packed[(start + lost)..]], 100);
    }

    [TestCase(0x04, new byte[] { 3, 0, 9, 9, 9 }, TestName = "Header_with_an_extra_field")]
    [TestCase(0x08, new byte[] { (byte)'d', (byte)'i', 0 }, TestName = "Header_with_a_file_name")]
    [TestCase(0x10, new byte[] { (byte)'d', (byte)'i', 0 }, TestName = "Header_with_a_comment")]
    [TestCase(0x01, new byte[0], TestName = "Header_that_says_it_is_text")]
    [TestCase(0x1C, new byte[] { 0, 0, 0, 0 }, TestName = "Header_with_all_fields_empty")]
    public void Optional_fields_are_read_over(byte flags, byte[] fields)
    {
        byte[] packed = Gzip.Pack(Small);
        byte[] changed = [.. packed[..3], flags, .. packed[4..10], .. fields, .. packed[10..]];

        Assert.That(Unpack(changed, 5, 100), Is.EqualTo(Small));
        Assert.That(Unpack([.. packed, .. changed], 5, 100), Is.EqualTo(Small.Concat(Small)));
    }

    [TestCase(2, 7, TestName = "Another_method_than_deflate_is_refused")]
    [TestCase(3, 0x20, TestName = "A_reserved_flag_is_refused")]
    [TestCase(3, 0x02, TestName = "A_checksum_of_the_header_that_is_not_there_is_refused")]
    [TestCase(10, 0x07, TestName = "A_block_of_the_reserved_type_is_refused")]
    public void Headers_that_cannot_be(int at, byte value)
    {
        byte[] packed = Gzip.Pack(Small);
        packed[at] = value;

        Assert.That(() => Unpack(packed, 100, 100), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(Damaged));
    }

    [Test]
    public void The_first_fault_is_the_inner_exception()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Unpack([0x1F, 0x8B, 1, 2, 3], 100, 100));

        Assert.That(fault!.InnerException, Is.TypeOf<InvalidDataException>());
    }

    [Test]
    public void The_packed_stream_stays_open_at_its_end()
    {
        byte[] packed = Gzip.Pack(Small);
        using var stream = new MemoryStream(packed) { Position = 2 };

        using (var reader = new GzipReader(packed.AsSpan(0, 2), stream, "It"))
        {
            reader.CopyTo(Stream.Null);
            ForwardReading.AssertOnly(reader);
            Assert.That(reader.ReadByte(), Is.EqualTo(-1), "the end stays the end");
        }

        Assert.That(stream.Position, Is.EqualTo(packed.Length));
        Assert.That(stream.CanRead, Is.True);
    }

    private static void AssertRefused(byte[] packed, int inputs) =>
        Assert.That(
            () => Unpack(packed, inputs, 100),
            Throws.TypeOf<InvalidDataException>().With.Message.AnyOf(Damaged, NoWholeEnd),
            $"{packed.Length} bytes, {inputs} at once");

    private static byte[] Unpack(byte[] packed, int inputs, int outputs)
    {
        using var reader = new GzipReader(packed.AsSpan(0, 1), new ForwardOnlyStream(packed[1..], inputs), "It");
        var unpacked = new List<byte>();
        byte[] buffer = new byte[outputs];
        for (int length; (length = reader.Read(buffer)) > 0;) unpacked.AddRange(buffer.AsSpan(0, length));
        return [.. unpacked];
    }

    private static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        for (int i = length / 2; i < length; i++) content[i] = (byte)(i % 7);
        return content;
    }
}
