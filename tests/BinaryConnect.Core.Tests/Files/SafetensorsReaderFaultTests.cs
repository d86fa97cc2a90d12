using System.Buffers.Binary;
using BinaryConnect.Files;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Files;

/// <summary>Files that are damaged, cut short or made to harm.</summary>
internal sealed class SafetensorsReaderFaultTests
{
    private const string F32OfTwo = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";
    private const string NumberRange = "it must be a whole number from 0 to 9,223,372,036,854,775,807.";

    [TestCase(new byte[0], "it ends at byte 0; it must start with 8 bytes that give the length of its header.")]
    [TestCase(
        new byte[] { 2, 0, 0, 0, 0, 0, 0 }, "it ends at byte 7; it must start with 8 bytes that give the length of its header.")]
    [TestCase(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "its header has a length of 0; it must be from 1 to 100,000,000.")]
    [TestCase(
        new byte[] { 0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, 123, 125 },
        "its header has a length of 100,000,001; it must be from 1 to 100,000,000.")]
    [TestCase(
        new byte[] { 0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, 123, 125 },
        "its header has a length of 100,000,000; only 2 bytes follow.")]
    [TestCase(
        new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 },
        "its header has a length of 18,446,744,073,709,551,615; it must be from 1 to 100,000,000.")]
    [TestCase(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "its header has a length of 3; only 2 bytes follow.")]
    [TestCase(
        new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 91, 93 }, "its header starts with 5B; it must start with 7B, an opening brace.")]
    [TestCase(
        new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 32, 123, 125 },
        "its header starts with 20; it must start with 7B, an opening brace.")]
    [TestCase(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 123, 255 }, "its header is not text in UTF-8.")]
    [TestCase(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 123, 125, 7 }, "1 bytes follow its header; its tensors take 0.")]
    public void A_malformed_start_is_refused_with_the_file_s_name_and_the_reason(byte[] content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.safetensors", content);

        Assert.That(
            () => SafetensorsReader.Open(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{path}: {expected}"));
        Assert.That(MessageOf(content), Is.EqualTo($"The stream: {expected}"));
    }

    [TestCase("{")]
    [TestCase("""{"w":""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}}""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}}""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{}""")]
    [TestCase("""{w:{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [TestCase("""{"w":{"dtype":'F32',"shape":[2],"data_offsets":[0,8]}}""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}""")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2] /* two */,"data_offsets":[0,8]}}""")]
    public void A_header_that_is_not_json_is_refused(string header)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Open(header, 8));

        Assert.That(fault!.Message, Does.StartWith("The stream: its header is not valid JSON. "));
        Assert.That(fault.InnerException, Is.InstanceOf<System.Text.Json.JsonException>());
        Assert.That(fault.Message, Does.EndWith(fault.InnerException!.Message).And.Contain("BytePositionInLine"));
    }

    [TestCase("""{"w":5}""", "tensor 'w' is 5; it must be an object of dtype, shape and data_offsets.")]
    [TestCase("""{"w":[]}""", "tensor 'w' is an array; it must be an object of dtype, shape and data_offsets.")]
    [TestCase("""{"w":{}}""", "tensor 'w' lacks dtype; it must have dtype, shape and data_offsets.")]
    [TestCase(
        """{"w":{"dtype":"F32","data_offsets":[0,8]}}""", "tensor 'w' lacks shape; it must have dtype, shape and data_offsets.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2]}}""", "tensor 'w' lacks data_offsets; it must have dtype, shape and data_offsets.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"device":"cpu"}}""",
        "tensor 'w' has 'device'; it must have dtype, shape and data_offsets alone.")]
    [TestCase(
        """{"w":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}""",
        "tensor 'w' has 'dtype' twice; it must have dtype, shape and data_offsets once.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""",
        "tensor 'w' has 'shape' twice; it must have dtype, shape and data_offsets once.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}}""",
        "tensor 'w' has 'data_offsets' twice; it must have dtype, shape and data_offsets once.")]
    [TestCase("""{"w":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""", "dtype of tensor 'w' is 32; it must be a text.")]
    [TestCase("""{"w":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""", "dtype of tensor 'w' is null; it must be a text.")]
    [TestCase(
        """{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,8]}}""",
        "dtype of tensor 'w' is 'BF16'; it must be one of F64, F32, F16, I64, I32, I8, U64, U32, U8.")]
    [TestCase(
        """{"w":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""",
        "dtype of tensor 'w' is 'f32'; it must be one of F64, F32, F16, I64, I32, I8, U64, U32, U8.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""",
        "shape of tensor 'w' is 2; it must be an array of whole numbers.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":"[2]","data_offsets":[0,8]}}""",
        "shape of tensor 'w' is a text; it must be an array of whole numbers.")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2,-1],"data_offsets":[0,8]}}""", "shape of tensor 'w' has -1 at 1; " + NumberRange)]
    [TestCase("""{"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "shape of tensor 'w' has 2.0 at 0; " + NumberRange)]
    [TestCase("""{"w":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}""", "shape of tensor 'w' has 2e0 at 0; " + NumberRange)]
    [TestCase(
        """{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "shape of tensor 'w' has a text at 0; " + NumberRange)]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", "shape of tensor 'w' has an array at 0; " + NumberRange)]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[true],"data_offsets":[0,8]}}""", "shape of tensor 'w' has true at 0; " + NumberRange)]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""",
        "shape of tensor 'w' has 9223372036854775808 at 0; " + NumberRange)]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":{}}}""",
        "data_offsets of tensor 'w' is an object; it must be an array of whole numbers.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""",
        "data_offsets of tensor 'w' has 1 numbers; it must have 2, begin and end.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""",
        "data_offsets of tensor 'w' has more than 2 numbers; it must have at most 2, begin and end.")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "data_offsets of tensor 'w' has -8 at 0; " + NumberRange)]
    [TestCase("""{"w":""" + F32OfTwo + ""","w":""" + F32OfTwo + "}", "its header has 'w' twice; a name must be there once.")]
    [TestCase("""{"w":""" + F32OfTwo + ""","\u0077":""" + F32OfTwo + "}", "its header has 'w' twice; a name must be there once.")]
    [TestCase("""{"__metadata__":{},"__metadata__":{}}""", "its header has '__metadata__' twice; a name must be there once.")]
    [TestCase("""{"__metadata__":"a"}""", "'__metadata__' is a text; it must be an object of texts.")]
    [TestCase("""{"__metadata__":{"step":5}}""", "'step' of its metadata is 5; it must be a text.")]
    [TestCase("""{"__metadata__":{"step":{"n":"5"}}}""", "'step' of its metadata is an object; it must be a text.")]
    [TestCase("""{"__metadata__":{"step":"5","step":"6"}}""", "its metadata has 'step' twice; a name must be there once.")]
    [TestCase("""{"\ud83d":5}""", "a name of its header holds half a surrogate pair; it must be whole Unicode text.")]
    [TestCase(
        """{"__metadata__":{"a":"\ude00"}}""", "'a' of its metadata holds half a surrogate pair; it must be whole Unicode text.")]
    [TestCase(
        """{"w":{"dtype":"F\ud800","shape":[2],"data_offsets":[0,8]}}""",
        "dtype of tensor 'w' holds half a surrogate pair; it must be whole Unicode text.")]
    [TestCase(
        """{"w":{"dt\ud800":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "a name of tensor 'w' holds half a surrogate pair; it must be whole Unicode text.")]
    public void A_header_of_another_form_is_refused(string header, string expected) =>
        Assert.That(MessageOf(SafetensorsBytes.Of(header, 8)), Is.EqualTo($"The stream: {expected}"));

    [TestCase("[2]", 0, 4, 4, "tensor 'w' has 4 bytes; its shape [2] of F32 takes 8.")]
    [TestCase("[]", 0, 0, 0, "tensor 'w' has 0 bytes; its shape [] of F32 takes 4.")]
    [TestCase("[3,0]", 0, 4, 4, "tensor 'w' has 4 bytes; its shape [3, 0] of F32 takes 0.")]
    [TestCase("[2]", 8, 0, 8, "tensor 'w' ends at byte 0 of the data; it must not end before it begins, at 8.")]
    [TestCase("[2]", 0, 8, 7, "7 bytes follow its header; its tensors take 8.")]
    [TestCase("[2]", 0, 8, 9, "9 bytes follow its header; its tensors take 8.")]
    [TestCase("[2]", 4, 12, 12, "tensor 'w' begins at byte 4 of the data; it must begin at 0, where the one before it ends.")]
    [TestCase(
        "[2147483648,2147483648]", 0, 8, 8,
        "tensor 'w' has shape [2147483648, 2147483648] of F32; its size must be at most 9,223,372,036,854,775,807 bytes.")]
    [TestCase(
        "[2305843009213693952]", 0, 0, 0,
        "tensor 'w' has shape [2305843009213693952] of F32; its size must be at most 9,223,372,036,854,775,807 bytes.")]
    [TestCase(
        "[4294967296,4294967296]", 0, 0, 0,
        "tensor 'w' has shape [4294967296, 4294967296] of F32; its size must be at most 9,223,372,036,854,775,807 bytes.")]
    [TestCase("[1000000000000]", 0, 4000000000000, 8, "8 bytes follow its header; its tensors take 4,000,000,000,000.")]
    public void Numbers_of_a_tensor_that_do_not_fit_are_refused(
        string shape, long begin, long end, int dataLength, string expected) =>
        Assert.That(
            MessageOf(SafetensorsBytes.Of(
                $$$"""{"w":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[{{{begin}}},{{{end}}}]}}""", dataLength)),
            Is.EqualTo($"The stream: {expected}"));

    [TestCase(0, 8, 4, 12, 12, "tensor 'b' begins at byte 4 of the data; tensor 'a' ends at 8, and no two may share a byte.")]
    [TestCase(4, 12, 0, 8, 12, "tensor 'a' begins at byte 4 of the data; tensor 'b' ends at 8, and no two may share a byte.")]
    [TestCase(0, 8, 0, 8, 8, "tensor 'b' begins at byte 0 of the data; tensor 'a' ends at 8, and no two may share a byte.")]
    [TestCase(0, 8, 9, 17, 17, "tensor 'b' begins at byte 9 of the data; it must begin at 8, where the one before it ends.")]
    [TestCase(0, 8, 8, 16, 15, "15 bytes follow its header; its tensors take 16.")]
    [TestCase(0, 8, 8, 16, 20, "20 bytes follow its header; its tensors take 16.")]
    [TestCase(
        0, 8, 9223372036854775799, 9223372036854775807, 16,
        "tensor 'b' begins at byte 9,223,372,036,854,775,799 of the data; it must begin at 8, where the one before it ends.")]
    public void Tensors_that_overlap_or_leave_a_gap_are_refused(
        long beginA, long endA, long beginB, long endB, int dataLength, string expected)
    {
        string header = $$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":[{{{beginA}}},{{{endA}}}]},"b":"""
            + $$$"""{"dtype":"I32","shape":[2],"data_offsets":[{{{beginB}}},{{{endB}}}]}}""";

        Assert.That(MessageOf(SafetensorsBytes.Of(header, dataLength)), Is.EqualTo($"The stream: {expected}"));
    }

    [TestCase("", "")]
    [TestCase("sha256:", "")]
    [TestCase("sha512:", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("sha256:", "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("sha256:", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde")]
    public void A_checksum_of_another_form_is_refused(string kind, string digits) =>
        Assert.That(
            MessageOf(SafetensorsBytes.Of("{\"__metadata__\":{\"checksum\":\"" + kind + digits + "\"}}")),
            Is.EqualTo($"The stream: its checksum is '{kind}{digits}'; it must be 'sha256:' and 64 hexadecimal digits."));

    [Test]
    public void A_wrong_checksum_is_refused_with_the_right_one()
    {
        string digits = new('1', 64), header = "{\"__metadata__\":{\"checksum\":\"sha256:" + digits + "\"}}";
        string right = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(SafetensorsBytes.Of(header.Replace('1', '0'))));

        // The 1s of the header are the checksum's alone.
        Assert.That(MessageOf(SafetensorsBytes.Of(header)), Is.EqualTo(
            $"The stream: its checksum is sha256:{digits}; its bytes give sha256:{right}. It was damaged after it was written."));
    }

    [Test]
    public void A_file_without_a_checksum_is_read_unless_one_is_required()
    {
        byte[] file = SafetensorsBytes.Of($$$"""{"w":{{{F32OfTwo}}}}""", 8);

        Assert.That(() => SafetensorsReader.Open(new MemoryStream(file)).Dispose(), Throws.Nothing);
        Assert.That(
            () => SafetensorsReader.Open(new MemoryStream(file), requireChecksum: true),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "The stream: its metadata has no 'checksum'; it must have one."));
    }

    [Test]
    public void A_tensor_is_read_by_its_name_type_shape_and_length_alone()
    {
        using SafetensorsReader reader = Open(
            $$$"""{"w":{{{F32OfTwo}}},"v":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}""", 9);
        float[] values = [5, 5];

        AssertRefused(() => reader.Tensor("x"), "it has no tensor 'x'; its tensors are 'v', 'w'.");
        AssertRefused(() => reader.Read("x", [2], values.AsSpan()), "it has no tensor 'x'; its tensors are 'v', 'w'.");
        AssertRefused(() => reader.Read("w", [2], new int[2].AsSpan()), "tensor 'w' has values of F32; they must be of I32.");
        AssertRefused(() => reader.Read("w", [2, 1], values.AsSpan()), "tensor 'w' has shape [2]; it must be [2, 1].");
        AssertRefused(() => reader.Read("w", [1], values.AsSpan(1)), "tensor 'w' has shape [2]; it must be [1].");
        Assert.That(() => reader.Read("w", [2], values.AsSpan(1)), Throws.ArgumentException.With.Message.EqualTo(
            "'values' has length 1; it must have the length that 'shape' asks for, 2. (Parameter 'values')"));
        Assert.That(() => reader.Read("w", [2], new decimal[2].AsSpan()), Throws.TypeOf<NotSupportedException>());
        Assert.That(values, Is.EqualTo(new[] { 5f, 5 }));

        static void AssertRefused(Action action, string expected) =>
            Assert.That(action.Invoke, Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"The stream: {expected}"));
    }

    [Test]
    public void A_claim_of_much_memory_costs_no_more_than_the_header_that_is_there()
    {
        byte[] longHeader = SafetensorsBytes.Of("{}");
        BinaryPrimitives.WriteInt64LittleEndian(longHeader, SafetensorsHeader.MostBytes);
        byte[] largeTensor = SafetensorsBytes.Of(
            """{"w":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""", 8);

        Assert.That(AllocatedBy(longHeader), Is.LessThan(50_000));
        Assert.That(AllocatedBy(largeTensor), Is.LessThan(50_000));

        static long AllocatedBy(byte[] file)
        {
            MessageOf(file);
            long before = GC.GetAllocatedBytesForCurrentThread();
            MessageOf(file);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public void Arguments_must_name_something_that_can_be_checked()
    {
        Assert.That(
            () => SafetensorsReader.Open((Stream)null!),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("stream"));
        Assert.That(
            () => SafetensorsReader.Open((string)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => SafetensorsReader.Open(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => SafetensorsReader.Open(new ForwardOnlyStream([], 1)), Throws.ArgumentException.With.Message.EqualTo(
            "'stream' cannot seek; it must, since a file is checked before it is read. (Parameter 'stream')"));
        using var folder = new TemporaryFolder();
        Assert.That(() => SafetensorsReader.Open(folder.PathOf("none")), Throws.TypeOf<FileNotFoundException>());
    }

    private static SafetensorsReader Open(string header, int dataLength) =>
        SafetensorsReader.Open(new MemoryStream(SafetensorsBytes.Of(header, dataLength)));

    private static string MessageOf(byte[] content) =>
        Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(new MemoryStream(content)))!.Message;
}
