using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace BinaryConnect.Files;

/// <summary>
/// Reads the JSON of a header: {"__metadata__": {text: text}, name: {"dtype": text, "shape": [sizes], "data_offsets": [begin, end]}}.
/// Every other form is refused; <see cref="TensorLayout"/> then holds the numbers against each other.
/// </summary>
internal ref struct SafetensorsHeaderParser
{
    private const string Fields = "dtype, shape and data_offsets";
    private readonly string _file;
    private readonly List<TensorEntry> _tensors = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private Range? _checksum;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> header, string file)
    {
        _file = file;
        _json = new Utf8JsonReader(header);
    }

    /// <summary>The header's content; messages start with <paramref name="file"/>.</summary>
    /// <exception cref="InvalidDataException">It is not a header of that form.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> header, string file)
    {
        if (header[0] != '{') throw new InvalidDataException($"{file}: its header starts with {header[0]:X2}; it must start with 7B, an opening brace.");
        if (!Utf8.IsValid(header)) throw new InvalidDataException($"{file}: its header is not text in UTF-8.");
        try
        {
            return new SafetensorsHeaderParser(header, file).Parse();
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}: its header is not valid JSON. {fault.Message}", fault);
        }
    }

    private SafetensorsHeader Parse()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _json.Read();
        while (NextName("its header") is string name)
        {
            if (!names.Add(name)) throw Fault($"its header has '{name}' twice; a name must be there once.");
            if (name == SafetensorsHeader.MetadataName) ReadMetadata();
            else _tensors.Add(ReadTensor(name));
        }

        // Nothing but white space may follow; anything else is found here.
        _json.Read();
        return new SafetensorsHeader(_tensors, _metadata, _checksum);
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, $"'{SafetensorsHeader.MetadataName}'", "an object of texts");
        while (NextName("its metadata") is string name)
        {
            Expect(JsonTokenType.String, $"'{name}' of its metadata", "a text");
            if (name == Checksum.Name) _checksum = RangeOfText();
            if (!_metadata.TryAdd(name, Text($"'{name}' of its metadata"))) throw Fault($"its metadata has '{name}' twice; a name must be there once.");
        }
    }

    private TensorEntry ReadTensor(string name)
    {
        Expect(JsonTokenType.StartObject, $"tensor '{name}'", $"an object of {Fields}");
        DataType? type = null;
        long[]? shape = null, offsets = null;
        while (NextName($"tensor '{name}'") is string field)
        {
            switch (field)
            {
                case "dtype" when type is null: type = ReadType(name); break;
                case "shape" when shape is null: shape = ReadNumbers($"shape of tensor '{name}'"); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers($"data_offsets of tensor '{name}'"); break;
                case "dtype" or "shape" or "data_offsets": throw Fault($"tensor '{name}' has '{field}' twice; it must have {Fields} once.");
                default: throw Fault($"tensor '{name}' has '{field}'; it must have {Fields} alone.");
            }
        }

        if (type is null || shape is null || offsets is null)
            throw Fault($"tensor '{name}' lacks {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}; it must have {Fields}.");
        if (offsets.Length != 2) throw Fault($"data_offsets of tensor '{name}' has {offsets.Length:N0} numbers; it must have 2, begin and end.");
        return new TensorEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private DataType ReadType(string name)
    {
        Expect(JsonTokenType.String, $"dtype of tensor '{name}'", "a text");
        string type = Text($"dtype of tensor '{name}'");
        return DataType.Find(type) ?? throw Fault($"dtype of tensor '{name}' is '{type}'; it must be one of {DataType.Names}.");
    }

    private long[] ReadNumbers(string what)
    {
        Expect(JsonTokenType.StartArray, what, "an array of whole numbers");
        var numbers = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                throw Fault($"{what} has {Shown()} at {numbers.Count:N0}; it must be a whole number from 0 to {long.MaxValue:N0}.");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    // The next name of the present object, or null at its end.
    private string? NextName(string where)
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName ? Text($"a name of {where}") : null;
    }

    private void Expect(JsonTokenType type, string what, string expected)
    {
        _json.Read();
        if (_json.TokenType != type) throw Fault($"{what} is {Shown()}; it must be {expected}.");
    }

    // An escape may name half a surrogate pair, which is valid JSON but no text.
    private readonly string Text(string what)
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidDataException($"{_file}: {what} holds half a surrogate pair; it must be whole Unicode text.", fault);
        }
    }

    // Between the quotes, as the file has it.
    private readonly Range RangeOfText()
    {
        int start = (int)_json.TokenStartIndex + 1;
        return start..(start + _json.ValueSpan.Length);
    }

    private readonly string Shown() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        _ => Encoding.UTF8.GetString(_json.ValueSpan),
    };

    private readonly InvalidDataException Fault(string what) => new($"{_file}: {what}");
}
