using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace BinaryConnect.Fuzz.Tensors;

/// <summary>Damage to the values, the header and the metadata of a safetensors file.</summary>
internal static class TensorChanges
{
    private static readonly double[] Doubles =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon,
        -0.0, -1, 0.5, 1, 2, 1e300, int.MaxValue, 1 << 30, (1 << 30) + 1.0,
    ];

    // Among them the limits of Adam's moments, 2⁵⁹ and 2¹¹⁷, and just above.
    private static readonly float[] Floats =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon,
        -0f, -1, 0, 1, 1e30f, -1e-30f, 1e19f, 5.7646075e17f, 5.764608e17f, 1.6615350e35f, 1.66154e35f,
    ];

    private static readonly long[] Longs =
        [long.MinValue, long.MaxValue, -1, 0, 1, 1L << 52, (1L << 52) + 1, 1L << 53, (1L << 53) + 1, int.MaxValue, 1L << 62];

    private static readonly string[] Types = ["F64", "F32", "I64", "I32", "U64", "U32", "U8", "F16", "BF16", "f32", ""];

    private static readonly string[] Texts =
    [
        "", "0", "-1", "null", "true", "1", "2", "3", "adam", "nan", "\0\n\u001b", "1e400", "0.1", "sha256:", new('9', 5000),
        "false", "NaN", "Infinity", "-Infinity", "-0", "1e-45", "3.4e38", "-3.4e38", "1e39", "4", "5", "7", "8", "16", "64",
        "10000", "67108864", "67108865", "2147483647", "2147483648", "-2147483648", "99999999999999999999",
        "\u0665", "\uff15", "5\0", " 5", "5 ", "+5", "0x5", "1,5", "1.5", "\u22125", "05",
        "1x1x1", "5x1x1", "2x2x2", "2x3", "65536x65536x65536", "67108864x1x1", "x", "[4]", "[4, 3]", "[", "[-1]",
        "sequential", "logistic", "multilayer_perceptron", "binary_dense", "batch_normalization", "dropout", "relu",
        "identity", "learned_scale", "stochastic", "deterministic", "BinaryConnect model", "BinaryConnect packed model",
        "BinaryConnect checkpoint", "bytes", "floats", "sign",
        new('x', 100_000), $"[{string.Join(", ", Enumerable.Repeat("1", 10_000))}]",
    ];

    /// <summary>Changes values or the length of a tensor; the file stays a safetensors file.</summary>
    public static string ApplyToValues(Random random, TensorFile file)
    {
        string name = AnyName(random, file);
        return random.Next(11) switch
        {
            0 => Length(random, file, name),
            _ => Values(random, file, name),
        };
    }

    /// <summary>Changes the header or the metadata in one way of many, so that the file may be none.</summary>
    public static string ApplyToHeader(Random random, TensorFile file)
    {
        string name = AnyName(random, file);
        switch (random.Next(9))
        {
            case 0: return Shape(random, file, name);
            case 1: return Type(random, file, name);
            case 2: return Offsets(random, file, name);
            case 3: return Rename(random, file, name);
            case < 7: return ApplyToTexts(random, file);
            case 7: return Much(random, file);
            default:
                file.Remove(name);
                return $"tensor '{name}' removed";
        }
    }

    /// <summary>Changes one text of the metadata.</summary>
    public static string ApplyToTexts(Random random, TensorFile file)
    {
        string[] keys = [.. file.Metadata.Select(pair => pair.Key)];
        string key = keys[random.Next(keys.Length)], text = Texts[random.Next(Texts.Length)];
        switch (random.Next(6))
        {
            case 0:
                file.Metadata.Remove(key);
                return $"text '{key}' removed";
            case 1:
                file.Metadata[text] = key;
                return $"text '{key}' added by another name";
            case 2:
                file.Metadata[key] = random.Next(2) == 0 ? JsonValue.Create(5) : new JsonObject();
                return $"text '{key}' is none";
            case 3:
                string other = keys[random.Next(keys.Length)];
                file.Metadata[key] = file.Metadata[other]?.DeepClone();
                return $"text '{key}' is that of '{other}'";
            default:
                file.Metadata[key] = text;
                return $"text '{key}' is '{text[..Math.Min(text.Length, 40)]}'";
        }
    }

    /// <summary>The bytes of a value; 4 for a type that is none.</summary>
    public static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F16" => 2,
        "I8" or "U8" => 1,
        _ => 4,
    };

    private static string AnyName(Random random, TensorFile file) => file.Names[random.Next(file.Names.Length)];

    private static string Values(Random random, TensorFile file, string name)
    {
        (string type, int begin, int end) = file.Find(name);
        Span<byte> values = file.Data.AsSpan(begin, end - begin);
        int size = SizeOf(type), count = values.Length / size;
        if (count == 0) return "";
        bool all = random.Next(8) == 0;
        int first = all ? 0 : random.Next(count), last = all ? count - 1 : Math.Min(count - 1, first + random.Next(3));
        string given = "";
        for (int i = first; i <= last; i++)
        {
            Span<byte> value = values.Slice(i * size, size);
            if (i == first || random.Next(2) == 0) given = Change(random, value, type);
            else values.Slice(first * size, size).CopyTo(value);
        }

        return $"'{name}' at {first} to {last}: {given}";
    }

    private static string Change(Random random, Span<byte> value, string type)
    {
        if (random.Next(5) == 0)
        {
            int bit = random.Next(value.Length * 8);
            value[bit / 8] ^= (byte)(1 << bit % 8);
            return $"bit {bit} flipped";
        }

        switch (type)
        {
            case "F64":
                double wide = random.Next(3) == 0 ? random.NextDouble() : Doubles[random.Next(Doubles.Length)];
                MemoryMarshal.Write(value, wide);
                return $"{wide}";
            case "F32":
                float narrow = random.Next(3) == 0 ? random.NextSingle() * 4 - 2 : Floats[random.Next(Floats.Length)];
                MemoryMarshal.Write(value, narrow);
                return $"{narrow}";
            case "I64":
                long count = random.Next(3) == 0 ? random.Next(1000) : Longs[random.Next(Longs.Length)];
                MemoryMarshal.Write(value, count);
                return $"{count}";
            case "U8":
                value[0] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
                return $"{value[0]:X2}";
            default:
                uint word = ByteChanges.Word(random);
                BinaryPrimitives.WriteUInt32LittleEndian(value, word);
                return $"{word:X8}";
        }
    }

    private static string Shape(Random random, TensorFile file, string name)
    {
        JsonNode shape = random.Next(8) switch
        {
            0 => new JsonArray(),
            1 => new JsonArray(0, 4),
            2 => new JsonArray(long.MaxValue, 2),
            3 => new JsonArray(1, 1, 1, 1, 1, 1, 1, 1, 1),
            4 => new JsonArray([.. Enumerable.Range(0, 3000).Select(_ => (JsonNode)1)]),
            5 => JsonValue.Create("[1]"),
            6 => new JsonArray(1, JsonNode.Parse("1.5")),
            _ => new JsonArray(random.Next(20), random.Next(20)),
        };
        file.Header[name]!["shape"] = shape;
        return $"shape of '{name}' changed";
    }

    private static string Type(Random random, TensorFile file, string name)
    {
        string type = Types[random.Next(Types.Length)];
        file.Header[name]!["dtype"] = type;
        return $"type of '{name}' is {type}";
    }

    private static string Offsets(Random random, TensorFile file, string name)
    {
        (_, int begin, int end) = file.Find(name);
        int move = random.Next(-16, 17);
        file.SetOffsets(name, begin + (random.Next(2) == 0 ? move : 0), end + (random.Next(2) == 0 ? move : 0));
        if (random.Next(10) == 0) file.Header[name]!["data_offsets"] = new JsonArray(0, long.MaxValue);
        return $"offsets of '{name}' moved by {move}";
    }

    private static string Rename(Random random, TensorFile file, string name)
    {
        string other = random.Next(4) switch
        {
            0 => AnyName(random, file),
            1 => new string('x', 1 + random.Next(20_000)),
            2 => name + "\n",
            _ => name[..random.Next(name.Length)],
        };
        file.Rename(name, other);
        return $"'{name}' renamed";
    }

    // A list, or anything, that is longer or shorter, and right in itself.
    private static string Length(Random random, TensorFile file, string name)
    {
        (string type, int begin, int end) = file.Find(name);
        int size = SizeOf(type), count = random.Next(3) == 0 ? random.Next(2000) : random.Next(12);
        byte[] values = new byte[count * size], old = file.Data[begin..end];
        for (int i = 0; i < values.Length; i++) values[i] = old.Length == 0 ? (byte)0 : old[i % old.Length];
        int rows = 1 + random.Next(4);
        bool isMatrix = random.Next(2) == 0 && count % rows == 0;
        file.Replace(name, values, isMatrix ? new JsonArray(rows, count / rows) : new JsonArray(count));
        return $"'{name}' has {count} values";
    }

    private static string Much(Random random, TensorFile file)
    {
        int count = random.Next(1000);
        bool areTexts = random.Next(2) == 0;
        for (int i = 0; i < count; i++)
        {
            if (areTexts) file.Metadata[$"{i}"] = "";
            else file.Header[$"{i}"] = JsonNode.Parse("""{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""");
        }

        return $"{count} {(areTexts ? "texts" : "tensors")} added";
    }
}
