using Spectre.Console;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>A table that fits its stream: the width of a terminal, or 80 columns.</summary>
internal sealed class TextTable
{
    private const int Gap = 2;

    private readonly Table _table = new() { Border = TableBorder.None };

    /// <summary>Begins a table of these columns.</summary>
    /// <param name="titles">The title of each. One that begins with + is of numbers: right, and never broken.</param>
    public TextTable(params ReadOnlySpan<string> titles)
    {
        for (int i = 0; i < titles.Length; i++)
        {
            bool isNumber = titles[i].StartsWith('+');
            var title = new Text(isNumber ? titles[i][1..] : titles[i], new Style(decoration: Decoration.Bold));
            var column = new TableColumn(title) { Padding = new Padding(0, 0, i == titles.Length - 1 ? 0 : Gap, 0) };
            if (isNumber) column.RightAligned().NoWrap();
            _table.AddColumn(column);
        }
    }

    /// <summary>Adds a row.</summary>
    public TextTable Add(params string[] cells)
    {
        _table.AddRow(cells.Select(cell => new Text(cell)));
        return this;
    }

    /// <summary>Writes the table. Lines have no blanks at their ends, but on a terminal.</summary>
    public void Write(TextWriter output)
    {
        if (Terminal.Has(output))
        {
            Terminal.Live(output).Write(_table);
            return;
        }

        using var text = new StringWriter();
        Terminal.Plain(text).Write(_table);
        foreach (string line in text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            output.WriteLine(line.TrimEnd());
    }
}
