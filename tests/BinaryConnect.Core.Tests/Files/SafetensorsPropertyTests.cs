using System.Text;
using BinaryConnect.Files;
using BinaryConnect.Tests.Support;
using CsCheck;

namespace BinaryConnect.Tests.Files;

/// <summary>Properties that hold for all tensors, and for all damage to their file.</summary>
internal sealed class SafetensorsPropertyTests
{
    private static readonly Gen<string> Texts =
        Any("a", "w", "0", ".", "/", " ", "\"", "\\", "\n", "\0", "é", "層", "🙂", "sha256:", "{").Array[0, 6]
            .Select(string.Concat);

    private static readonly Gen<RandomTensor> Tensors =
        Gen.Select(Texts, Gen.Int[0, 8], Gen.Long[0, 4].Array[0, 4], Gen.Int)
            .Select((name, type, shape, seed) => new RandomTensor(name, type, shape, seed));

    private static readonly Gen<RandomTensor[]> TensorSets =
        Tensors.Array[0, 6].Select(tensors => tensors.DistinctBy(tensor => tensor.Name).ToArray());

    private static readonly Gen<(string Name, string Text)[]> MetadataSets =
        Gen.Select(Texts, Texts).Array[0, 5].Select(pairs => pairs.DistinctBy(pair => pair.Item1).ToArray());

    private static readonly byte[] Small = Write(
        [
            new("weights", 1, [2, 3], 1), new("bias", 1, [3], 2), new("step", 2, [], 3), new("signs", 6, [5], 4),
            new("none", 3, [0], 5),
        ],
        [("format", "test"), ("größe", "1")]);

    [Test]
    public void Any_tensors_and_metadata_come_back() =>
        Gen.Select(TensorSets, MetadataSets).Sample(
            (tensors, metadata) =>
            {
                using SafetensorsReader reader = SafetensorsReader.Open(
                    new MemoryStream(Write(tensors, metadata)), requireChecksum: true);
                return reader.Tensors.Count == tensors.Length
                    && tensors.All(tensor => tensor.IsIn(reader))
                    && reader.Metadata.Count == metadata.Length + 1
                    && metadata.All(pair => reader.Metadata[pair.Name] == pair.Text);
            },
            iter: 1000);

    // The checksum covers every byte of the file, its own digits but for their value.
    [Test]
    public void Every_flipped_bit_is_refused_where_a_checksum_is_required()
    {
        byte[] file = [.. Small];
        for (int at = 0; at < file.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                file[at] ^= (byte)(1 << bit);
                Assert.That(MessageOf(file), Does.StartWith("The stream: "), $"bit {bit} of byte {at}");
                file[at] ^= (byte)(1 << bit);
            }
        }

        Assert.That(() => SafetensorsReader.Open(new MemoryStream(file), requireChecksum: true).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_flipped_bit_among_the_values_is_named_by_the_checksum()
    {
        byte[] file = [.. Small];
        for (int at = 8 + SafetensorsBytes.HeaderOf(file).Length; at < file.Length; at++)
        {
            file[at] ^= 0x10;
            Assert.That(
                MessageOf(file), Does.Contain("checksum").And.EndsWith("It was damaged after it was written."), $"byte {at}");
            file[at] ^= 0x10;
        }
    }

    [Test]
    public void A_file_cut_short_anywhere_is_refused_and_so_is_a_longer_one()
    {
        for (int length = 0; length < Small.Length; length++)
            Assert.That(MessageOf(Small[..length]), Does.StartWith("The stream: "), $"{length} bytes");
        Assert.That(MessageOf([.. Small, 0]), Is.EqualTo("The stream: 50 bytes follow its header; its tensors take 49."));
    }

    [Test]
    public void Any_damaged_byte_is_refused_where_a_checksum_is_required() =>
        Gen.Select(Gen.Int[0, Small.Length - 1], Gen.Byte).Where((at, value) => Small[at] != value).Sample(
            (at, value) =>
            {
                byte[] file = [.. Small];
                file[at] = value;
                MessageOf(file);
            },
            iter: 2000);

    // As other programs write it: no checksum, and nothing padded.
    [Test]
    public void A_mutated_file_without_a_checksum_is_read_or_refused_and_nothing_else_happens()
    {
        byte[] valid = SafetensorsBytes.Of(
            """{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},"v":"""
            + """{"dtype":"U32","shape":[],"data_offsets":[0,4]}} """,
            12);
        Assert.That(() => SafetensorsReader.Open(new MemoryStream(valid)).Dispose(), Throws.Nothing);
        Gen<byte> bytes = Gen.OneOf(Gen.Byte, Any(Encoding.ASCII.GetBytes("0123456789-,.:[]{}\"\\ eFIU")));
        Gen.Select(Gen.Select(Gen.Int[0, valid.Length - 1], bytes).Array[1, 3], Gen.Int[0, valid.Length]).Sample(
            (changes, cut) =>
            {
                byte[] file = valid[..(cut < valid.Length / 2 ? valid.Length : cut)];
                foreach ((int at, byte value) in changes)
                {
                    if (at < file.Length) file[at] = value;
                }

                try
                {
                    using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file));
                    return reader.Tensors.Sum(tensor => tensor.End - tensor.Begin) == 12;
                }
                catch (InvalidDataException fault)
                {
                    return fault.Message.StartsWith("The stream: ", StringComparison.Ordinal);
                }
            },
            iter: 20_000);
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("\n\t \r\n")]
    public void White_space_may_follow_the_header_s_json(string space)
    {
        byte[] file = SafetensorsBytes.Of("""{"w":{"data_offsets": [0, 8], "shape" : [2], "dtype":"\u004632"}}""" + space, 8);

        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file));

        Assert.That(reader.Tensor("w").Type, Is.EqualTo(DataType.Of<float>()));
    }

    [Test]
    public void An_empty_tensor_may_lie_before_between_and_after_others_wherever_the_header_has_it()
    {
        string[] entries =
        [
            """ "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """,
            """ "b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]} """,
            """ "first":{"dtype":"F32","shape":[0],"data_offsets":[0,0]} """,
            """ "middle":{"dtype":"F32","shape":[0,4],"data_offsets":[8,8]} """,
            """ "last":{"dtype":"F32","shape":[3,0],"data_offsets":[12,12]} """,
        ];
        Gen.Shuffle(entries).Sample(
            shuffled =>
            {
                using SafetensorsReader reader = SafetensorsReader.Open(
                    new MemoryStream(SafetensorsBytes.Of($"{{{string.Join(',', shuffled)}}}", 12)));
                return reader.Tensors.Count == entries.Length;
            },
            iter: 200);
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Write(RandomTensor[] tensors, (string Name, string Text)[] metadata)
    {
        var writer = new SafetensorsWriter();
        foreach (RandomTensor tensor in tensors) tensor.AddTo(writer);
        foreach ((string name, string text) in metadata) writer.AddMetadata(name, text);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }

    private static string MessageOf(byte[] file) =>
        Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(new MemoryStream(file), requireChecksum: true))!.Message;
}
