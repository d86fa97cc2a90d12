using System.IO.Compression;
using BinaryConnect.Data;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Data;

/// <summary>Files that are damaged, cut short or made to harm.</summary>
internal sealed class IdxReaderFaultTests
{
    private static readonly byte[] Small = IdxBytes.Counting(3, 4);

    [TestCase(new byte[0], "it ends at byte 0; an IDX header has at least 4 bytes.")]
    [TestCase(new byte[] { 0 }, "it ends at byte 1; an IDX header has at least 4 bytes.")]
    [TestCase(new byte[] { 0, 0 }, "it ends at byte 2; an IDX header has at least 4 bytes.")]
    [TestCase(new byte[] { 0, 0, 8 }, "it ends at byte 3; an IDX header has at least 4 bytes.")]
    [TestCase(new byte[] { 0x1F, 0x8B }, "its gzip data is damaged or cut short.")]
    [TestCase(new byte[] { 0x1F, 0x8B, 8 }, "its gzip data is damaged or cut short.")]
    [TestCase(new byte[] { 0x89, 0x50, 8, 1 }, "it starts with 89 50; an IDX file starts with 00 00, a gzip file with 1F 8B.")]
    [TestCase(new byte[] { 0, 1, 8, 1 }, "it starts with 00 01; an IDX file starts with 00 00, a gzip file with 1F 8B.")]
    [TestCase(new byte[] { 1, 0, 8, 1 }, "it starts with 01 00; an IDX file starts with 00 00, a gzip file with 1F 8B.")]
    [TestCase(new byte[] { 0x1F, 0, 8, 1 }, "it starts with 1F 00; an IDX file starts with 00 00, a gzip file with 1F 8B.")]
    [TestCase(new byte[] { 0, 0x8B, 8, 1 }, "it starts with 00 8B; an IDX file starts with 00 00, a gzip file with 1F 8B.")]
    [TestCase(new byte[] { 0, 0, 8, 1 }, "it ends at byte 4, inside its header; 1 dimensions need a header of 8 bytes.")]
    [TestCase(
        new byte[] { 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0 },
        "it ends at byte 11, inside its header; 2 dimensions need a header of 12 bytes.")]
    [TestCase(
        new byte[] { 0, 0, 8, 255, 0, 0, 0, 1 },
        "it ends at byte 8, inside its header; 255 dimensions need a header of 1024 bytes.")]
    [TestCase(new byte[] { 0, 0, 8, 0 }, "0 bytes follow its header of 4 bytes; its dimensions ask for 1.")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 7, 7 }, "2 bytes follow its header of 8 bytes; its dimensions ask for 3.")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 7 }, "2 bytes follow its header of 8 bytes; its dimensions ask for 1.")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0, 7 }, "1 bytes follow its header of 8 bytes; its dimensions ask for 0.")]
    public void A_malformed_file_is_refused_with_its_path_the_place_and_the_reason(byte[] content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("digits-idx3-ubyte", content);

        Assert.That(
            () => IdxReader.Read(path), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{path}: {expected}"));
        Assert.That(
            () => IdxReader.Read(new MemoryStream(content)),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"The stream: {expected}"));
    }

    [TestCase(0x09, "signed bytes, which are not supported")]
    [TestCase(0x0B, "16-bit integers, which are not supported")]
    [TestCase(0x0C, "32-bit integers, which are not supported")]
    [TestCase(0x0D, "32-bit floats, which are not supported")]
    [TestCase(0x0E, "64-bit floats, which are not supported")]
    [TestCase(0x00, "unknown")]
    [TestCase(0x07, "unknown")]
    [TestCase(0x0A, "unknown")]
    [TestCase(0xFF, "unknown")]
    public void Other_type_codes_are_refused_by_name(byte code, string meaning)
    {
        byte[] file = [.. Small];
        file[2] = code;

        Assert.That(
            MessageOf(file),
            Is.EqualTo($"The stream: its type code, at byte 2, is 0x{code:X2} ({meaning}); it must be 0x08, unsigned bytes."));
    }

    [TestCase(new uint[] { 0x7FFFFFC8 }, 4, "2,147,483,592")]
    [TestCase(new uint[] { 0xFFFFFFFF, 0 }, 4, "4,294,967,295")]
    [TestCase(new uint[] { 65_536, 65_536 }, 8, "65,536")]
    [TestCase(new uint[] { 0x7FFFFFC7, 0x7FFFFFC7, 0x7FFFFFC7, 0x7FFFFFC7 }, 8, "2,147,483,591")]
    [TestCase(new uint[] { 2, 3, 0x7FFFFFC7 }, 12, "2,147,483,591")]
    public void Dimensions_that_multiply_to_more_than_an_array_holds_are_refused(uint[] dimensions, int at, string size)
    {
        Assert.That(
            MessageOf(IdxBytes.Of(dimensions, [1, 2, 3])),
            Is.EqualTo($"The stream: its dimensions up to the one at byte {at} ({size}) multiply to more than an array can "
                + "hold, 2,147,483,591 bytes."));
    }

    [Test]
    public void A_claim_of_two_gigabytes_costs_no_more_than_the_bytes_that_are_there()
    {
        byte[] plain = IdxBytes.Of([2_000_000_000], [1, 2, 3]);
        const string Expected = "The stream: 3 bytes follow its header of 8 bytes; its dimensions ask for 2,000,000,000.";
        const long FirstBufferAndUnpacking = (1 << 20) + 200_000;

        // The first fault of a process fills caches of NUnit and of the runtime.
        AllocatedBy(new MemoryStream(plain), Expected);
        AllocatedBy(new MemoryStream(Gzip.Pack(plain)), Expected);
        AllocatedBy(new ForwardOnlyStream(plain, 100), Expected);

        Assert.That(AllocatedBy(new MemoryStream(plain), Expected), Is.LessThan(100_000), "a length that is known");
        Assert.That(
            AllocatedBy(new ForwardOnlyStream(plain, 100), Expected), Is.LessThan(FirstBufferAndUnpacking),
            "a length that cannot");
        Assert.That(AllocatedBy(new MemoryStream(Gzip.Pack(plain)), Expected), Is.LessThan(FirstBufferAndUnpacking), "packed");

        static long AllocatedBy(Stream stream, string expected)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var fault = Assert.Throws<InvalidDataException>(() => IdxReader.Read(stream));
            long after = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(fault!.Message, Is.EqualTo(expected));
            return after - before;
        }
    }

    [Test]
    public void Bytes_after_the_values_are_refused_where_no_length_is_known_beforehand()
    {
        byte[] longer = [.. Small, 99];
        const string Expected = "The stream: it goes on after byte 24, where its 12 values end; nothing may follow.";

        Assert.That(MessageOf(Gzip.Pack(longer)), Is.EqualTo(Expected));
        Assert.That(
            () => IdxReader.Read(new ForwardOnlyStream(longer, 100)),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(Expected));
    }

    [Test]
    public void A_file_cut_short_anywhere_is_refused_plain_or_packed()
    {
        byte[] packed = Gzip.Pack(Small);

        Assert.Multiple(() =>
        {
            for (int cut = 0; cut < Small.Length; cut++)
                Assert.That(MessageOf(Small[..cut]), Does.StartWith("The stream: "), $"plain, {cut} bytes");
            for (int cut = 0; cut < packed.Length; cut++)
                Assert.That(MessageOf(packed[..cut]), Does.StartWith("The stream: "), $"packed, {cut} bytes");
        });
    }

    [Test]
    public void A_packed_file_without_its_whole_checksum_and_length_is_refused()
    {
        byte[] packed = Gzip.Pack(Small);

        for (int missing = 1; missing <= 8; missing++)
        {
            string message = MessageOf(packed[..^missing]);
            Assert.That(message, Is.EqualTo("The stream: its gzip data is damaged or cut short."), $"{missing} missing");
        }
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(20_000)]
    public void Bytes_after_the_packed_data_are_refused(int length)
    {
        Assert.That(
            MessageOf([.. Gzip.Pack(Small), .. new byte[length]]),
            Is.EqualTo("The stream: its gzip data is cut short, or followed by bytes that are not gzip data."));
    }

    // If a stored block loses bytes, deflate reads the checksum and the length as values: no value seems to be missing.
    [Test]
    public void Values_lost_from_a_stored_block_are_not_made_up_by_the_checksum()
    {
        byte[] packed = Gzip.Pack(Small, CompressionLevel.NoCompression);
        int start = packed.AsSpan().IndexOf(Small) + 12;

        for (int lost = 1; lost <= 12; lost++)
        {
            byte[] shorter = [.. packed[..start], .. packed[(start + lost)..]];
            Assert.That(MessageOf(shorter), Is.EqualTo("The stream: its gzip data is damaged or cut short."), $"{lost} lost");
        }
    }

    [TestCase(8, TestName = "A_wrong_checksum_of_the_packed_data_is_refused")]
    [TestCase(1, TestName = "A_wrong_length_of_the_packed_data_is_refused")]
    public void Refuses_packed_data_changed_from_the_end(int fromEnd)
    {
        byte[] packed = Gzip.Pack(Small);
        packed[^fromEnd] ^= 0x10;

        var fault = Assert.Throws<InvalidDataException>(() => IdxReader.Read(new MemoryStream(packed)));

        Assert.That(fault!.Message, Is.EqualTo("The stream: its gzip data is damaged or cut short."));
        Assert.That(fault.InnerException, Is.TypeOf<InvalidDataException>());
    }

    // Files of up to 3 MB, the header of which may claim 2 GB.
    [TestCase(100_000, 2_000_000_000U)]
    [TestCase(3_000_000, 2_000_000_000U)]
    [TestCase(3_000_000, 3_000_001U)]
    [TestCase(3_000_000, 3_000_000U)]
    [TestCase(3_000_000, 2_999_999U)]
    public void Memory_is_at_most_twice_the_bytes_that_are_there_and_2_mebibytes(int length, uint claimed)
    {
        byte[] plain = IdxBytes.Of([claimed], new byte[length]), packed = Gzip.Pack(plain);
        IdxReader.Read(new MemoryStream(Gzip.Pack(Small)));

        Stream[] streams = [new MemoryStream(plain), new ForwardOnlyStream(plain, 10_000), new MemoryStream(packed)];
        foreach (Stream stream in streams)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                IdxReader.Read(stream);
            }
            catch (InvalidDataException) when (claimed != length)
            {
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThanOrEqualTo((2 << 20) + 2L * plain.Length));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_mutated_file_is_read_or_refused_and_nothing_else_happens(bool packed)
    {
        byte[] valid = packed ? Gzip.Pack(Small) : Small;
        Gen<(int At, byte Value)[]> mutations = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[1, 4];

        Gen.Select(mutations, Gen.Int[0, valid.Length]).Sample(
            (changes, cut) =>
            {
                byte[] file = valid[..(cut < valid.Length / 2 ? valid.Length : cut)];
                foreach ((int at, byte value) in changes)
                {
                    if (at < file.Length) file[at] = value;
                }

                try
                {
                    IdxArray array = IdxReader.Read(new MemoryStream(file));
                    return array.Values.Length == array.Dimensions.Aggregate(1, (product, size) => product * size);
                }
                catch (InvalidDataException fault)
                {
                    return fault.Message.StartsWith("The stream: ", StringComparison.Ordinal);
                }
            },
            iter: 3_000);
    }

    private static string MessageOf(byte[] content) =>
        Assert.Throws<InvalidDataException>(() => IdxReader.Read(new MemoryStream(content)))!.Message;
}
