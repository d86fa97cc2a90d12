using System.Globalization;
using BinaryConnect.Files;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Files;

/// <summary>Files held against Python, whose json and NumPy know nothing of this library.</summary>
internal sealed class SafetensorsPythonTests
{
    private const string Reader = """
        import hashlib, json, struct, sys
        import numpy as np

        whole = open(sys.argv[1], "rb").read()
        length = struct.unpack("<Q", whole[:8])[0]
        header = json.loads(whole[8 : 8 + length].decode("utf-8"))
        data = whole[8 + length :]
        types = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U64": "<u8", "U32": "<u4", "U8": "u1"}
        metadata = header.pop("__metadata__")
        digits = metadata.pop("checksum").removeprefix("sha256:")
        assert hashlib.sha256(whole.replace(digits.encode(), b"0" * 64)).hexdigest() == digits, "checksum"
        assert (8 + length) % 64 == 0, "alignment of the data"
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            tensor = np.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
            assert begin % tensor.itemsize == 0, "alignment of " + name
            print(ascii(name), entry["dtype"], entry["shape"], tensor.tolist())
        print(ascii(metadata))
        """;

    private const string Writer = """
        import json, struct, sys
        import numpy as np

        tensors = {
            "F64": np.array([[0.1, -2.5, 1e300]], "<f8"), "F32": np.array([[0.5], [-3.25]], "<f4"),
            "I64": np.array(-(2**40), "<i8"), "I32": np.array([7, -8], "<i4"), "U64": np.array([2**63 + 1], "<u8"),
            "U32": np.array([2**32 - 1], "<u4"), "U8": np.arange(5, dtype="u1"),
        }
        header, data = {"__metadata__": {"größe": "層"}}, b""
        for kind, tensor in tensors.items():
            offsets = [len(data), len(data) + tensor.nbytes]
            header["t-" + kind] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": offsets}
            data += tensor.tobytes()
        text = json.dumps(header, ensure_ascii=False).encode("utf-8")
        open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + data)
        """;

    private string _python = "";
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void FindPython()
    {
        _folder = new TemporaryFolder();
        _python = Python.With("numpy");
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void NumPy_reads_what_is_written_here()
    {
        string path = _folder.PathOf("here.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add<float>("layer.0/weight", [2, 3], new[] { 1f, -1, 0.5f, -0.25f, 3, 1e-3f });
        writer.Add<double>("rate", [], new[] { 0.1 });
        writer.Add<int>("größe", [2], new[] { int.MinValue, int.MaxValue });
        writer.Add<long>("step", [1, 1], new[] { 1L << 40 });
        writer.Add<uint>("u32", [1], new[] { uint.MaxValue });
        writer.Add<ulong>("u64", [1], new[] { ulong.MaxValue });
        writer.Add<byte>("\"signs\"", [3], new byte[] { 0, 127, 255 });
        writer.Add<float>("none", [2, 0], Array.Empty<float>());
        writer.AddMetadata("層", "🙂");
        AtomicFile.Write(path, writer.WriteTo);

        string output = Command.Succeed(_folder.Path, _python, "-c", Reader, path);

        Assert.That(output.ReplaceLineEndings("\n").TrimEnd().Split('\n'), Is.EqualTo(new[]
        {
            "'rate' F64 [] 0.1",
            "'step' I64 [1, 1] [[1099511627776]]",
            "'u64' U64 [1] [18446744073709551615]",
            "'layer.0/weight' F32 [2, 3] "
            + $"[[1.0, -1.0, 0.5], [-0.25, 3.0, {((double)1e-3f).ToString(CultureInfo.InvariantCulture)}]]",
            @"'gr\xf6\xdfe' I32 [2] [-2147483648, 2147483647]",
            "'u32' U32 [1] [4294967295]",
            "'none' F32 [2, 0] [[], []]",
            "'\"signs\"' U8 [3] [0, 127, 255]",
            @"{'\u5c64': '\U0001f642'}",
        }));
    }

    [Test]
    public void What_NumPy_writes_is_read_here()
    {
        string path = _folder.PathOf("there.safetensors");

        Command.Succeed(_folder.Path, _python, "-c", Writer, path);

        using SafetensorsReader reader = SafetensorsReader.Open(path);
        Assert.That(reader.Metadata, Is.EqualTo(new Dictionary<string, string> { ["größe"] = "層" }));
        Assert.That(Read<double>(reader, "t-F64", 1, 3), Is.EqualTo(new[] { 0.1, -2.5, 1e300 }));
        Assert.That(Read<float>(reader, "t-F32", 2, 1), Is.EqualTo(new[] { 0.5f, -3.25f }));
        Assert.That(Read<long>(reader, "t-I64"), Is.EqualTo(new[] { -(1L << 40) }));
        Assert.That(Read<int>(reader, "t-I32", 2), Is.EqualTo(new[] { 7, -8 }));
        Assert.That(Read<ulong>(reader, "t-U64", 1), Is.EqualTo(new[] { (1ul << 63) + 1 }));
        Assert.That(Read<uint>(reader, "t-U32", 1), Is.EqualTo(new[] { uint.MaxValue }));
        Assert.That(Read<byte>(reader, "t-U8", 5), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4 }));
    }

    private static T[] Read<T>(SafetensorsReader reader, string name, params long[] shape)
        where T : unmanaged
    {
        T[] values = new T[shape.Aggregate(1L, (product, size) => product * size)];
        reader.Read(name, shape, values.AsSpan());
        return values;
    }
}
