using System.Globalization;
using System.Text;

namespace BinaryConnect.Inference.Export;

/// <summary>Constant arrays of C source, in lines of at most 100 columns.</summary>
internal sealed class CArrays
{
    private const int MostColumns = 100;

    private readonly StringBuilder _text = new();

    /// <summary>The bytes of all arrays.</summary>
    public long Bytes { get; private set; }

    /// <summary>The definitions.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Adds bytes.</summary>
    public void Add(string name, ReadOnlySpan<byte> values) =>
        Add(name, TypeOf(CInput.Bytes), sizeof(byte), Texts(values, value => $"0x{value:x2}"));

    /// <summary>Adds integers of a type such as int32_t.</summary>
    public void Add(string name, string type, int size, ReadOnlySpan<long> values) =>
        Add(name, type, size, Texts(values, value => IntegerText(value)));

    /// <summary>Adds floats.</summary>
    public void Add(string name, ReadOnlySpan<float> values) =>
        Add(name, TypeOf(CInput.Floats), sizeof(float), Texts(values, FloatText));

    /// <summary>The type of an input value.</summary>
    public static string TypeOf(CInput input) => input == CInput.Bytes ? "uint8_t" : "float";

    /// <summary>A constant of type float.</summary>
    public static string FloatText(float value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}.0f" : $"{text}f";
    }

    // The least 32-bit and 64-bit integers are no constants of C: the sign is an operator.
    private static string IntegerText(long value) => value switch
    {
        long.MinValue => "INT64_MIN",
        int.MinValue => "INT32_MIN",
        > int.MaxValue or < int.MinValue => $"{value.ToString(CultureInfo.InvariantCulture)}LL",
        > short.MaxValue or < short.MinValue => $"{value.ToString(CultureInfo.InvariantCulture)}L",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string[] Texts<T>(ReadOnlySpan<T> values, Converter<T, string> text) =>
        Array.ConvertAll(values.ToArray(), text);

    private void Add(string name, string type, int size, string[] values)
    {
        Bytes += (long)size * values.Length;
        _text.Append(CultureInfo.InvariantCulture, $"static const {type} {name}[{values.Length}] FLASH = {{");
        int column = MostColumns;
        foreach (string value in values)
        {
            if (column + value.Length + 2 > MostColumns)
            {
                _text.Append("\n   ");
                column = 3;
            }

            _text.Append(' ').Append(value).Append(',');
            column += value.Length + 2;
        }

        _text.Append("\n};\n\n");
    }
}
