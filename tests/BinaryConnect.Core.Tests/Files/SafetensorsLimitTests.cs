using BinaryConnect.Files;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Files;

/// <summary>
/// Headers with much of something: they are refused by a message of one short line, and cost little memory.
/// </summary>
internal sealed class SafetensorsLimitTests
{
    private const int Much = 300_000, LongestMessage = 600;

    private const string Cut = "… (300,000 characters)";

    private static readonly string LongName = new('n', Much);

    private static IEnumerable<TestCaseData> LongTexts =>
    [
        Long(
            "name",
            Header((LongName, "5")),
            "tensor 'nnn",
            $"{Cut}' is 5; it must be an object of dtype, shape and data_offsets."),
        Long("name twice", Header((LongName, Entry()), (LongName, Entry())), "its header has 'nnn", $"{Cut}' twice; "),
        Long("type", Header(("w", Entry(type: LongName))), "dtype of tensor 'w' is 'nnn", $"{Cut}'; "),
        Long("field", Header(("w", Header((LongName, "1")))), "tensor 'w' has 'nnn", $"{Cut}'; "),
        Long(
            "number",
            Header(("w", Entry(shape: new string('1', Much)))),
            "shape of tensor 'w' has a number of 300,000 characters at 0; it must be a whole number from 0 to "),
        Long("shape", Header(("w", Entry(shape: Ones))), "shape of tensor 'w' has more than 8 numbers; it must have at most 8."),
        Long(
            "offsets",
            Header(("w", Entry(offsets: Ones))),
            "data_offsets of tensor 'w' has more than 2 numbers; it must have at most 2, begin and end."),
        Long("metadata name", Metadata((LongName, "5")), "'nnn", $"{Cut}' of its metadata is 5; it must be a text."),
        Long("metadata name twice", Metadata((LongName, "\"\""), (LongName, "\"\"")), "its metadata has 'nnn", $"{Cut}' twice; "),
        Long(
            "half a character in metadata",
            Metadata((LongName, "\"\\ud800\"")),
            $"{Cut}' of its metadata holds half a surrogate pair; "),
        Long(
            "checksum",
            Header(("__metadata__", Header(("checksum", $"\"{LongName}\""))), ("w", Entry(shape: "2", offsets: "0,2"))),
            "its checksum is 'nnn", $"{Cut}'; "),
        Long("layout", Header((LongName, Entry(shape: "1", offsets: "0,2"))), "tensor 'nnn", $"{Cut}' has 2 bytes; "),
        Long(
            "overlap",
            Header((LongName, Entry(shape: "2", offsets: "0,2")), ("w", Entry(shape: "1", offsets: "1,2"))),
            "tensor 'w' begins at byte 1 of the data; tensor 'nnn",
            $"{Cut}' ends at 2, "),
        Long(
            "no JSON",
            Header(("w", LongName)),
            "its header is not valid JSON. 'nnn",
            " LineNumber: 0 | BytePositionInLine: 6."),
        Long("control characters, no JSON", Header(("a", "t\u0007")), @"its header is not valid JSON. 't\u0007}' is an invalid"),
        Long("control characters", Header(("a\\nb\\u0007", "5")), @"tensor 'a\u000ab\u0007' is 5; "),
        Long("tensors", Header(TooMany(Entry())), "its header has more than 65,536 tensors; it must have at most as many."),
        Long("metadata", Metadata(TooMany("\"\"")), "its metadata has more than 65,536 texts; it must have at most as many."),
    ];

    private static string Ones => string.Join(',', Enumerable.Repeat(1, Much));

    [TestCaseSource(nameof(LongTexts))]
    public void The_message_is_short(byte[] file, string[] parts)
    {
        string message = Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(new MemoryStream(file)))!.Message;

        foreach (string part in parts) Assert.That(message, Does.Contain(part));
        Assert.That(message, Has.Length.LessThan(LongestMessage));
    }

    [TestCaseSource(nameof(LongTexts))]
    public void It_costs_a_few_times_the_bytes_that_are_there(byte[] file, string[] parts)
    {
        Assert.That(parts, Is.Not.Empty);
        Allocated(file);

        // A character takes two bytes instead of one, and an entry of a few bytes about a hundred.
        Assert.That(Allocated(file), Is.LessThan(100L * SafetensorsHeader.MostEntries + 6L * file.Length));
    }

    [Test]
    public void A_shape_of_twenty_million_sizes_costs_no_more_than_the_header()
    {
        const int Sizes = 20_000_000;
        byte[] header = new byte[Sizes * 2 + 80];
        Array.Fill(header, (byte)' ');
        """{"w":{"dtype":"U8","shape":["""u8.CopyTo(header);
        for (int i = 0; i < Sizes; i++) (header[29 + 2 * i], header[30 + 2 * i]) = ((byte)'1', (byte)',');
        "1],\"data_offsets\":[0,1]}}"u8.CopyTo(header.AsSpan(29 + 2 * Sizes));

        Assert.That(Allocated(SafetensorsBytes.Of(header, 1)), Is.LessThan(2_000_000 + header.Length));
    }

    [Test]
    public void A_missing_tensor_among_many_is_named_with_the_first_of_those_that_are_there()
    {
        string header = Header(
            [.. Enumerable.Range(0, 5000).Select(i => ($"{i:D4}{new string('x', 200)}", Entry(offsets: $"{i},{i + 1}")))]);
        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(SafetensorsBytes.Of(header, 5000)));

        string message = Assert.Throws<InvalidDataException>(() => reader.Tensor("w"))!.Message;

        Assert.That(
            message,
            Does.StartWith("The stream: it has no tensor 'w'; its tensors are '0000xxx").And.EndsWith("' and 4,990 more."));
        Assert.That(message, Has.Length.LessThan(2000));
    }

    // Layers have names of any text, and a model asks for tensors by them.
    [Test]
    public void A_long_name_that_is_asked_for_is_cut()
    {
        string header = Header((LongName, Entry(type: "F32", shape: "2", offsets: "0,8")));
        byte[] file = SafetensorsBytes.Of(header, 8);
        file.AsSpan()[^8..].Clear();
        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file));
        float[] values = new float[2];
        string start = $"The stream: tensor '{LongName[..120]}{Cut}' has ";

        Assert.That(() => reader.Tensor<byte>(LongName, [2]), Refuses($"{start}values of F32; they must be of U8."));
        Assert.That(() => reader.Tensor<float>(LongName, [3]), Refuses($"{start}shape [2]; it must be [3]."));
        Assert.That(() => reader.ReadFinite(LongName, [2], values, 1), Refuses($"{start}0 at 0; it must be at least 1."));
        Assert.That(() => reader.Tensor($"x{LongName}"), Throws.TypeOf<InvalidDataException>().With.Message.Length.LessThan(
            LongestMessage));

        file.AsSpan()[^4..].Fill(byte.MaxValue);
        Assert.That(
            () => reader.ReadFinite(LongName, [2], values, float.MinValue),
            Refuses($"{start}NaN or infinite values; all must be finite."));

        static NUnit.Framework.Constraints.IResolveConstraint Refuses(string message) =>
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message);
    }

    [Test]
    public void Many_tensors_cost_a_few_times_their_header()
    {
        string header = Header(
            [.. Enumerable.Range(0, 20_000).Select(i => ($"{i}", Entry(shape: "1", offsets: $"{i},{i + 1}")))]);
        byte[] file = SafetensorsBytes.Of(header, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        SafetensorsReader.Open(new MemoryStream(file)).Dispose();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(6 * file.Length));
    }

    [Test]
    public void A_tensor_that_is_no_list_or_of_another_type_costs_no_memory()
    {
        byte[] file = SafetensorsBytes.Of("""{"w":{"dtype":"U8","shape":[1000000],"data_offsets":[0,1000000]}}""", 1_000_000);
        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file));
        var tensors = new BinaryConnect.Training.Checkpoints.CheckpointTensors(reader);
        Assert.That(() => tensors.Read<double>("w"), Throws.TypeOf<InvalidDataException>());
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => tensors.Read<double>("w"), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => tensors.Read<double>("w", 1_000_000), Throws.TypeOf<InvalidDataException>());

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000));
    }

    [Test]
    public void What_a_reader_refuses_is_not_written()
    {
        var writer = new SafetensorsWriter();

        Assert.That(
            () => writer.Add<float>("w", [1, 1, 1, 1, 1, 1, 1, 1, 1], new float[1]),
            Throws.ArgumentException.With.Message.EqualTo("'shape' has 9 sizes; it must have at most 8. (Parameter 'shape')"));
        writer.Add<float>("w", [1, 1, 1, 1, 1, 1, 1, 1], new float[1]);
        for (int i = 0; i < SafetensorsHeader.MostEntries - 1; i++)
        {
            writer.Add<byte>($"{i}", [0], ReadOnlyMemory<byte>.Empty);
            writer.AddMetadata($"{i}", "");
        }

        Assert.That(
            () => writer.Add<byte>("more", [0], ReadOnlyMemory<byte>.Empty),
            Throws.ArgumentException.With.Message.EqualTo("There are 65,536 tensors already; a file must have at most as many."));
        Assert.That(() => writer.AddMetadata("more", ""), Throws.ArgumentException.With.Message.EqualTo(
            "There are 65,536 texts already; a file must have at most as many."));
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;
        using SafetensorsReader reader = SafetensorsReader.Open(stream, requireChecksum: true);
        Assert.That(reader.Tensors, Has.Count.EqualTo(SafetensorsHeader.MostEntries));
    }

    private static string Header(params (string Name, string Value)[] pairs) =>
        $"{{{string.Join(',', pairs.Select(pair => $"\"{pair.Name}\":{pair.Value}"))}}}";

    private static string Metadata(params (string Name, string Value)[] pairs) => Header(("__metadata__", Header(pairs)));

    private static string Entry(string type = "U8", string shape = "", string offsets = "0,1") =>
        Header(("dtype", $"\"{type}\""), ("shape", $"[{shape}]"), ("data_offsets", $"[{offsets}]"));

    private static (string Name, string Value)[] TooMany(string value) =>
        [.. Enumerable.Range(0, SafetensorsHeader.MostEntries + 1).Select(i => ($"{i}", value))];

    private static TestCaseData Long(string what, string header, params string[] parts) =>
        new TestCaseData(SafetensorsBytes.Of(header, 2), parts).SetArgDisplayNames(what);

    private static long Allocated(byte[] file)
    {
        using var stream = new MemoryStream(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SafetensorsReader.Open(stream).Dispose();
        }
        catch (InvalidDataException)
        {
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
