using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace BinaryConnect.Fuzz.Checkpoint;

/// <summary>Damage to the values, the header and the metadata of a checkpoint.</summary>
internal static class CheckpointChanges
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
        ["", "0", "-1", "null", "true", "1", "2", "3", "adam", "nan", "\0\n\u001b", "1e400", "0.1", "sha256:", new('9', 5000)];

    /// <summary>Changes values or the lengths of lists; the file stays a safetensors file.</summary>
    public static string ApplyToValues(Random random, TensorFile file)
    {
        string name = AnyName(random, file);
        return random.Next(12) switch
        {
            0 => Rows(random, file),
            1 => Length(random, file, name),
            _ => Values(random, file, name),
        };
    }

    /// <summary>Changes a file in one way of many.</summary>
    public static string Apply(Random random, TensorFile file)
    {
        string name = AnyName(random, file);
        switch (random.Next(10))
        {
            case 0: return ApplyToValues(random, file);
            case 1: return Shape(random, file, name);
            case 2: return Type(random, file, name);
            case 3: return Offsets(random, file, name);
            case 4: return Rename(random, file, name);
            case < 8: return Metadata(random, file);
            case 8: return Much(random, file);
            default:
                file.Remove(name);
                return $"tensor '{name}' removed";
        }
    }

    private static string AnyName(Random random, TensorFile file) => file.Names[random.Next(file.Names.Length)];

    private static string Values(Random random, TensorFile file, string name)
    {
        (string type, int begin, int end) = file.Find(name);
        Span<byte> values = file.Data.AsSpan(begin, end - begin);
        int size = type is "F64" or "I64" ? 8 : 4, count = values.Length / size;
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
        int size = type is "F64" or "I64" ? 8 : 4, count = random.Next(3) == 0 ? random.Next(2000) : random.Next(12);
        byte[] values = new byte[count * size], old = file.Data[begin..end];
        for (int i = 0; i < values.Length; i++) values[i] = old.Length == 0 ? (byte)0 : old[i % old.Length];
        file.Replace(name, values, new JsonArray(count));
        return $"'{name}' has {count} values";
    }

    // A report of more or fewer rows, right in itself.
    private static string Rows(Random random, TensorFile file)
    {
        string part = new[] { "report.steps.", "report.evaluations.", "report.rate_changes." }[random.Next(3)];
        int rows = random.Next(3) == 0 ? random.Next(3000) : random.Next(13);
        foreach (string name in file.Names.Where(name => name.StartsWith(part, StringComparison.Ordinal)))
        {
            (string type, int begin, int end) = file.Find(name);
            int size = type is "F64" or "I64" ? 8 : 4;
            byte[] values = new byte[rows * size], old = file.Data[begin..end];
            for (int i = 0; i < values.Length; i++) values[i] = old.Length == 0 ? (byte)0 : old[i % old.Length];
            bool countsUp = name.EndsWith(".step", StringComparison.Ordinal);
            for (int i = 0; countsUp && i < rows; i++) BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(i * size), i + 1);
            file.Replace(name, values, new JsonArray(rows));
        }

        return $"{part} has {rows} rows";
    }

    private static string Metadata(Random random, TensorFile file)
    {
        string[] keys = [.. file.Metadata.Select(pair => pair.Key)];
        string key = keys[random.Next(keys.Length)], text = Texts[random.Next(Texts.Length)];
        switch (random.Next(5))
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
            default:
                file.Metadata[key] = text;
                return $"text '{key}' changed";
        }
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
