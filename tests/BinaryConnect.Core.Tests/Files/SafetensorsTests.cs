using System.Security.Cryptography;
using System.Text;
using BinaryConnect.Files;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Files;

internal sealed class SafetensorsTests
{
    [Test]
    public void Values_of_every_type_come_back_bit_by_bit()
    {
        float[] singles =
        [
            0f, -0f, float.NaN, BitConverter.UInt32BitsToSingle(0x7FC0BEEF), float.Epsilon, float.MaxValue,
            float.NegativeInfinity,
        ];

        AssertComesBack(singles.Select(BitConverter.SingleToInt32Bits).Select(BitConverter.Int32BitsToSingle).ToArray(), "F32");
        AssertComesBack([0d, -0d, double.NaN, double.Epsilon, double.MinValue, double.PositiveInfinity], "F64");
        AssertComesBack([(Half)0, Half.NaN, Half.Epsilon, Half.MinValue], "F16");
        AssertComesBack([sbyte.MinValue, (sbyte)-1, sbyte.MaxValue], "I8");
        AssertComesBack([int.MinValue, -1, 0, int.MaxValue], "I32");
        AssertComesBack([long.MinValue, -1, 0, long.MaxValue], "I64");
        AssertComesBack([uint.MinValue, 0x01020304u, uint.MaxValue], "U32");
        AssertComesBack([ulong.MinValue, 0x0102030405060708ul, ulong.MaxValue], "U64");
        AssertComesBack([byte.MinValue, (byte)1, byte.MaxValue], "U8");

        static void AssertComesBack<T>(T[] values, string type)
            where T : unmanaged
        {
            var writer = new SafetensorsWriter();
            writer.Add<T>("values", [values.Length], values);
            using SafetensorsReader reader = Reopen(writer);
            T[] read = new T[values.Length];

            reader.Read("values", [values.Length], read.AsSpan());

            Assert.That(reader.Tensor("values").Type.Name, Is.EqualTo(type));
            Assert.That(Bytes<T>(read), Is.EqualTo(Bytes<T>(values)), type);
        }

        static byte[] Bytes<T>(ReadOnlySpan<T> values)
            where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray();
    }

    [TestCase(new long[] { }, 1)]
    [TestCase(new long[] { 1 }, 1)]
    [TestCase(new long[] { 0 }, 0)]
    [TestCase(new long[] { 3, 0, 2 }, 0)]
    [TestCase(new long[] { 2, 3 }, 6)]
    [TestCase(new long[] { 1, 1, 5, 1 }, 5)]
    public void A_tensor_of_any_shape_comes_back(long[] shape, int length)
    {
        float[] values = Numbers.Uniform(1, length), read = new float[length];
        var writer = new SafetensorsWriter();
        writer.Add<float>("before", [2], new float[] { 1, 2 });
        writer.Add<float>("values", shape, values);
        writer.Add<float>("after", [1], new float[] { 3 });
        using SafetensorsReader reader = Reopen(writer);

        reader.Read("values", shape, read.AsSpan());

        Assert.That(reader.Tensor("values").Shape, Is.EqualTo(shape));
        Assert.That(read, Is.EqualTo(values));
    }

    [Test]
    public void Names_and_metadata_may_be_any_unicode_text()
    {
        string[] names = ["", " ", "layer.0/weight", "\"", "\\", "\n\t\0", "größe", "層", "🙂", "\u2028", "__METADATA__", "shape"];
        var writer = new SafetensorsWriter();
        for (int i = 0; i < names.Length; i++)
        {
            writer.AddMetadata(names[i], $"text of {names[i]}");
            writer.Add<int>(names[i], [1], new[] { i });
        }

        using SafetensorsReader reader = Reopen(writer);

        Assert.That(reader.Tensors.Select(tensor => tensor.Name), Is.EquivalentTo(names));
        Assert.That(reader.Metadata.Keys, Is.EquivalentTo(names.Append("checksum")));
        for (int i = 0; i < names.Length; i++)
        {
            int[] read = new int[1];
            reader.Read(names[i], [1], read.AsSpan());
            Assert.That(read[0], Is.EqualTo(i), names[i]);
            Assert.That(reader.Metadata[names[i]], Is.EqualTo($"text of {names[i]}"));
        }
    }

    [Test]
    public void A_file_is_what_the_format_says_widest_types_first_and_metadata_in_order()
    {
        var writer = new SafetensorsWriter();
        writer.Add<byte>("bytes", [3], new byte[] { 1, 2, 3 });
        writer.Add<float>("b", [2, 1], new[] { 1f, -2f });
        writer.Add<int>("a", [1], new[] { 0x0A0B0C0D });
        writer.Add<long>("step", [], new[] { 258L });
        writer.AddMetadata("format", "test");
        writer.AddMetadata("Z", "zero");

        byte[] file = BytesOf(writer);

        string header = SafetensorsBytes.HeaderOf(file), checksum = header.Split("sha256:")[1][..64];
        string expected = $$$"""
            {"__metadata__":{"Z":"zero","checksum":"sha256:{{{checksum}}}","format":"test"},
            "step":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
            "b":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},
            "a":{"dtype":"I32","shape":[1],"data_offsets":[16,20]},
            "bytes":{"dtype":"U8","shape":[3],"data_offsets":[20,23]}}
            """.ReplaceLineEndings("");
        Assert.That(header.TrimEnd(' '), Is.EqualTo(expected));
        Assert.That((8 + header.Length) % 64, Is.Zero);
        Assert.That(file[(8 + header.Length)..], Is.EqualTo(new byte[]
        {
            2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0x0D, 0x0C, 0x0B, 0x0A, 1, 2, 3,
        }));
        byte[] blank = Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(file).Replace(checksum, new string('0', 64), StringComparison.Ordinal));
        Assert.That(checksum, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(blank))));
    }

    [Test]
    public void The_same_content_gives_the_same_bytes_whatever_order_metadata_come_in()
    {
        SafetensorsWriter first = Small(), second = Small();
        first.AddMetadata("a", "1");
        first.AddMetadata("b", "2");
        second.AddMetadata("b", "2");
        second.AddMetadata("a", "1");

        byte[] once = BytesOf(first), again = BytesOf(first);

        Assert.That(BytesOf(second), Is.EqualTo(once));
        Assert.That(again, Is.EqualTo(once));
    }

    [Test]
    public void Data_start_at_a_cache_line_and_every_tensor_at_a_multiple_of_its_value()
    {
        for (int nameLength = 0; nameLength < 130; nameLength++)
        {
            var writer = new SafetensorsWriter();
            writer.Add<byte>(new string('n', nameLength), [3], new byte[3]);
            writer.Add<int>("int", [1], new int[1]);
            writer.Add<double>("double", [1], new double[1]);
            byte[] file = BytesOf(writer);

            using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file));

            Assert.That(file.Length % 64, Is.EqualTo(8 + 4 + 3), $"a name of {nameLength}");
            foreach (TensorEntry tensor in reader.Tensors) Assert.That(tensor.Begin % tensor.Type.Size, Is.Zero, tensor.Name);
        }
    }

    // Values are written in parts of 1 MiB, and the checksum reads parts of 64 KiB.
    [TestCase((1 << 16) - 1)]
    [TestCase(1 << 16)]
    [TestCase((1 << 16) + 1)]
    [TestCase((1 << 20) - 1)]
    [TestCase(1 << 20)]
    [TestCase((1 << 20) + 1)]
    [TestCase(3_000_000)]
    public void Tensors_around_and_beyond_a_part_come_back_whole(int length)
    {
        byte[] bytes = new byte[length], readBytes = new byte[length];
        double[] doubles = new double[length / 7], readDoubles = new double[length / 7];
        new Random(length).NextBytes(bytes);
        for (int i = 0; i < doubles.Length; i++) doubles[i] = i;
        var writer = new SafetensorsWriter();
        writer.Add<byte>("bytes", [length], bytes);
        writer.Add<double>("doubles", [doubles.Length], doubles);
        using SafetensorsReader reader = Reopen(writer);

        reader.Read("bytes", [length], readBytes.AsSpan());
        reader.Read("doubles", [doubles.Length], readDoubles.AsSpan());

        Assert.That(readBytes.AsSpan().SequenceEqual(bytes), Is.True);
        Assert.That(readDoubles.AsSpan().SequenceEqual(doubles), Is.True);
    }

    [Test]
    public void Values_may_be_asked_for_when_they_are_written()
    {
        float[] values = [1, 2];
        var writer = new SafetensorsWriter();
        writer.Add("values", [2], () => (ReadOnlySpan<float>)values);
        values[1] = 5;
        using SafetensorsReader reader = Reopen(writer);
        float[] read = new float[2];

        reader.Read("values", [2], read.AsSpan());

        Assert.That(read, Is.EqualTo(new[] { 1f, 5 }));
    }

    [Test]
    public void A_file_of_no_tensors_comes_back()
    {
        using SafetensorsReader reader = Reopen(new SafetensorsWriter());

        Assert.That(reader.Tensors, Is.Empty);
        Assert.That(reader.Metadata.Keys, Is.EqualTo(new[] { "checksum" }));
    }

    [Test]
    public void Tensors_may_be_read_in_any_order_and_again()
    {
        using SafetensorsReader reader = Reopen(Small());
        float[] weights = new float[2];
        long[] step = new long[1];

        for (int i = 0; i < 2; i++)
        {
            reader.Read("weights", [2], weights.AsSpan());
            reader.Read("step", [], step.AsSpan());
            Assert.That((weights[0], weights[1], step[0]), Is.EqualTo((1f, 2f, 7L)));
            weights.AsSpan().Clear();
        }
    }

    [Test]
    public void A_stream_is_written_and_read_from_where_it_stands_and_stays_open()
    {
        using var stream = new MemoryStream();
        stream.Write([0xAA, 0xBB, 0xCC]);
        Small().WriteTo(stream);
        stream.Position = 3;
        float[] weights = new float[2];

        using (var reader = SafetensorsReader.Open(stream)) reader.Read("weights", [2], weights.AsSpan());

        Assert.That(weights, Is.EqualTo(new[] { 1f, 2 }));
        Assert.That(stream.CanRead, Is.True);
    }

    [Test]
    public void A_file_is_closed_with_its_reader_and_after_a_fault()
    {
        using var folder = new TemporaryFolder();
        string whole = folder.Write("whole", BytesOf(Small())), broken = folder.Write("broken", [1, 2, 3]);

        SafetensorsReader.Open(whole).Dispose();
        Assert.That(() => SafetensorsReader.Open(broken), Throws.TypeOf<InvalidDataException>());

        Assert.That(() => File.Open(whole, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
        Assert.That(() => File.Open(broken, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_file_being_read_may_be_read_by_others_and_replaced()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.safetensors", BytesOf(Small()));
        float[] weights = new float[2];
        using SafetensorsReader reader = SafetensorsReader.Open(path);

        SafetensorsReader.Open(path).Dispose();
        AtomicFile.Write(path, stream => stream.Write("other"u8));
        reader.Read("weights", [2], weights.AsSpan());

        Assert.That(weights, Is.EqualTo(new[] { 1f, 2 }));
        Assert.That(File.ReadAllText(path), Is.EqualTo("other"));
    }

    private static SafetensorsWriter Small()
    {
        var writer = new SafetensorsWriter();
        writer.Add<float>("weights", [2], new[] { 1f, 2f });
        writer.Add<long>("step", [], new[] { 7L });
        return writer;
    }

    private static SafetensorsReader Reopen(SafetensorsWriter writer) =>
        SafetensorsReader.Open(new MemoryStream(BytesOf(writer)), requireChecksum: true);

    private static byte[] BytesOf(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }
}
