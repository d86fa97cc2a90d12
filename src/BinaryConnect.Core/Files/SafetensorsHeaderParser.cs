using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using BinaryConnect.Guards;

namespace BinaryConnect.Files;

/// <summary>
/// Reads the JSON of a header: {"__metadata__": {text: text}, name: {"dtype": text, "shape": [sizes], "data_offsets":
/// [begin, end]}}. It refuses every other form; <see cref="TensorLayout"/> then compares the numbers. It allocates only
/// names, texts and shapes, unless there is a fault.
/// </summary>
internal ref struct SafetensorsHeaderParser
{
    private const int LongestNumber = 40, LongestFault = 300;
    private const string Fields = "dtype, shape and data_offsets";
    private const string NumberRule = "it must be a whole number from 0 to 9,223,372,036,854,775,807";

    private readonly string _file;
    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private Range? _checksum;
    private bool _hasMetadata;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> header, string file)
    {
        _file = file;
        _json = new Utf8JsonReader(header);
    }

    /// <summary>The content of the header; messages start with <paramref name="file"/>.</summary>
    /// <exception cref="InvalidDataException">It is not a header of that form.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> header, string file)
    {
        if (header[0] != '{')
            throw new InvalidDataException(
                $"{file}: its header starts with {header[0]:X2}; it must start with 7B, an opening brace.");
        if (!Utf8.IsValid(header)) throw new InvalidDataException($"{file}: its header is not text in UTF-8.");
        try
        {
            return new SafetensorsHeaderParser(header, file).Parse();
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}: its header is not valid JSON. {TextOf(fault)}", fault);
        }
    }

    // The message may quote the rest of the header.
    private static string TextOf(JsonException fault) => fault.Message.Length <= LongestFault
        ? Excerpt.OneLine(fault.Message)
        : $"{Excerpt.Of(fault.Message)} LineNumber: {fault.LineNumber} | BytePositionInLine: {fault.BytePositionInLine}.";

    private SafetensorsHeader Parse()
    {
        _json.Read();
        while (NextName("its header") is string name)
        {
            if (name == SafetensorsHeader.MetadataName) ReadMetadata();
            else AddTensor(name);
        }

        // Only white space may follow; this read finds anything else.
        _json.Read();
        return new SafetensorsHeader(_tensors, _metadata, _checksum);
    }

    private void ReadMetadata()
    {
        if (_hasMetadata) throw Twice("its header", SafetensorsHeader.MetadataName);
        _hasMetadata = true;
        Expect(JsonTokenType.StartObject, "", SafetensorsHeader.MetadataName, "an object of texts");
        while (NextName("its metadata") is string name)
        {
            _json.Read();
            if (_json.TokenType != JsonTokenType.String)
                throw Fault($"'{Excerpt.Of(name)}' of its metadata is {Shown()}; it must be a text.");
            if (name == Checksum.Name) _checksum = RangeOfText();
            if (!_metadata.TryAdd(name, Text() ?? throw Half($"'{Excerpt.Of(name)}' of its metadata")))
                throw Twice("its metadata", name);
            if (_metadata.Count > SafetensorsHeader.MostEntries) throw TooMany("its metadata", "texts");
        }
    }

    private void AddTensor(string name)
    {
        if (!_tensors.TryAdd(name, ReadTensor(name))) throw Twice("its header", name);
        if (_tensors.Count > SafetensorsHeader.MostEntries) throw TooMany("its header", "tensors");
    }

    private TensorEntry ReadTensor(string name)
    {
        Expect(JsonTokenType.StartObject, "tensor ", name, $"an object of {Fields}");
        DataType? type = null;
        long[]? shape = null;
        (long Begin, long End)? offsets = null;
        Span<long> numbers = stackalloc long[Shape.MostSizes];
        for (_json.Read(); _json.TokenType == JsonTokenType.PropertyName; _json.Read())
        {
            if (IsText("dtype"))
            {
                if (type is not null) throw FieldTwice(name, "dtype");
                type = ReadType(name);
            }
            else if (IsText("shape"))
            {
                if (shape is not null) throw FieldTwice(name, "shape");
                shape = numbers[..ReadNumbers("shape of tensor ", name, numbers, "")].ToArray();
            }
            else if (IsText("data_offsets"))
            {
                if (offsets is not null) throw FieldTwice(name, "data_offsets");
                offsets = ReadOffsets(name, numbers[..2]);
            }
            else
            {
                string field = Text() ?? throw Half($"a name of tensor '{Excerpt.Of(name)}'");
                throw Fault($"tensor '{Excerpt.Of(name)}' has '{Excerpt.Of(field)}'; it must have {Fields} alone.");
            }
        }

        if (type is not null && shape is not null && offsets is var (begin, end))
            return new TensorEntry(name, type, shape, begin, end);
        string lacking = type is null ? "dtype" : shape is null ? "shape" : "data_offsets";
        throw Fault($"tensor '{Excerpt.Of(name)}' lacks {lacking}; it must have {Fields}.");
    }

    private DataType ReadType(string name)
    {
        Expect(JsonTokenType.String, "dtype of tensor ", name, "a text");
        foreach (DataType type in DataType.All)
        {
            if (IsText(type.Name)) return type;
        }

        string text = Text() ?? throw Half($"dtype of tensor '{Excerpt.Of(name)}'");
        throw Fault($"dtype of tensor '{Excerpt.Of(name)}' is '{Excerpt.Of(text)}'; it must be one of {DataType.Names}.");
    }

    private (long Begin, long End) ReadOffsets(string name, scoped Span<long> numbers)
    {
        const string Both = ", begin and end";
        int count = ReadNumbers("data_offsets of tensor ", name, numbers, Both);
        return count == 2
            ? (numbers[0], numbers[1])
            : throw Fault($"data_offsets of tensor '{Excerpt.Of(name)}' has {count:N0} numbers; it must have 2{Both}.");
    }

    // Reads at most as many numbers as there is room for, and returns their count.
    private int ReadNumbers(string what, string name, scoped Span<long> room, string these)
    {
        Expect(JsonTokenType.StartArray, what, name, "an array of whole numbers");
        int count = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (count == room.Length)
                throw Fault(
                    $"{what}'{Excerpt.Of(name)}' has more than {count} numbers; it must have at most {count}{these}.");
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                throw Fault($"{what}'{Excerpt.Of(name)}' has {Shown()} at {count}; {NumberRule}.");
            room[count++] = number;
        }

        return count;
    }

    // The next name of the current object, or null at its end.
    private string? NextName(string where)
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName ? Text() ?? throw Half($"a name of {where}") : null;
    }

    private void Expect(JsonTokenType type, string what, string name, string expected)
    {
        _json.Read();
        if (_json.TokenType != type) throw Fault($"{what}'{Excerpt.Of(name)}' is {Shown()}; it must be {expected}.");
    }

    // Null for half a surrogate pair, which an escape may give: valid JSON, but not a text.
    private readonly string? Text()
    {
        try
        {
            return _json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // False for half a surrogate pair, at which the comparison throws after equal characters.
    private readonly bool IsText(string text)
    {
        try
        {
            return _json.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // The bytes between the quotes, as in the file.
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
        _ when _json.ValueSpan.Length > LongestNumber => $"a number of {_json.ValueSpan.Length:N0} characters",
        _ => Encoding.UTF8.GetString(_json.ValueSpan),
    };

    private readonly InvalidDataException Half(string what) =>
        Fault($"{what} holds half a surrogate pair; it must be whole Unicode text.");

    private readonly InvalidDataException Twice(string where, string name) =>
        Fault($"{where} has '{Excerpt.Of(name)}' twice; a name must be there once.");

    private readonly InvalidDataException FieldTwice(string name, string field) =>
        Fault($"tensor '{Excerpt.Of(name)}' has '{field}' twice; it must have {Fields} once.");

    private readonly InvalidDataException TooMany(string where, string what) =>
        Fault($"{where} has more than {SafetensorsHeader.MostEntries:N0} {what}; it must have at most as many.");

    private readonly InvalidDataException Fault(string what) => new($"{_file}: {what}");
}
