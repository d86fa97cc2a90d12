using System.Globalization;
using System.Text.RegularExpressions;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// The lines that a terminal shows in the end: text is written over after a carriage return or a move of the cursor,
/// and erased by the codes for it. Lines never scroll away.
/// </summary>
internal sealed partial class TerminalScreen
{
    private readonly List<char[]> _lines = [];
    private readonly int _width;
    private int _row, _column;

    private TerminalScreen(int width) => _width = width;

    /// <summary>Whether the cursor is shown.</summary>
    public bool HasCursor { get; private set; } = true;

    /// <summary>The lines without blanks at their ends.</summary>
    public string[] Lines => [.. _lines.Select(line => new string(line).TrimEnd())];

    /// <summary>The screen after this output.</summary>
    public static TerminalScreen After(string output, int width)
    {
        var screen = new TerminalScreen(width);
        for (int i = 0; i < output.Length;)
        {
            Match code = Code().Match(output, i);
            if (code.Success) screen.Apply(code);
            else screen.Put(output[i]);
            i += code.Success ? code.Length : 1;
        }

        screen.AddLines();
        return screen;
    }

    private void Put(char character)
    {
        AddLines();
        switch (character)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                (_row, _column) = (_row + 1, 0);
                break;
            default:
                if (_column == _width) (_row, _column) = (_row + 1, 0);
                AddLines();
                _lines[_row][_column++] = character;
                break;
        }
    }

    private void AddLines()
    {
        while (_lines.Count <= _row) _lines.Add([.. Enumerable.Repeat(' ', _width)]);
    }

    private void Apply(Match code)
    {
        string number = code.Groups["number"].Value;
        int count = int.TryParse(number, CultureInfo.InvariantCulture, out int given) ? given : 1;
        switch (code.Groups["name"].Value)
        {
            case "A":
                _row = Math.Max(0, _row - count);
                break;
            case "B":
                _row += count;
                break;
            case "K":
                AddLines();
                Array.Fill(_lines[_row], ' ', number == "2" ? 0 : _column, _width - (number == "2" ? 0 : _column));
                break;
            case "h" or "l" when number == "?25":
                HasCursor = code.Groups["name"].Value == "h";
                break;
            case "m" or "h" or "l":
                break;
            default:
                Assert.Fail($"The code '{code.Value[1..]}' is unknown here.");
                break;
        }
    }

    [GeneratedRegex(@"\G\x1b\[(?<number>[?\d;]*)(?<name>[A-Za-z])")]
    private static partial Regex Code();
}
