using System.Collections.Frozen;
using BinaryConnect.Data;

namespace BinaryConnect.Inference.Export;

/// <summary>The options of <see cref="CSourceExporter"/>.</summary>
public sealed record CSourceOptions
{
    private const int LongestName = 40, MostVectors = 10_000;

    private static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
        "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static",
        "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while");

    /// <summary>
    /// The name of the files, and what the function's name begins with: letters, digits and _, no digit first, at most
    /// 40 characters; no keyword of C.
    /// </summary>
    public string Name { get; init; } = "digits";

    /// <summary>The inner loop of products with signs.</summary>
    public CInnerLoop InnerLoop { get; init; } = CInnerLoop.SumTables;

    /// <summary>
    /// The type of an input value; null for bytes, or for floats where the model's scale is 1 and its shift 0, as it is
    /// for features that were floats.
    /// </summary>
    public CInput? Input { get; init; }

    /// <summary>
    /// Rows of which the first become test vectors; null for vectors that are drawn at random. For a source that takes
    /// bytes the data set must have bytes.
    /// </summary>
    public Dataset? TestData { get; init; }

    /// <summary>
    /// The number of test vectors, 1 to 10,000; fewer where there are not as many rows, or where the two best scores of
    /// rows are within 10⁻⁵.
    /// </summary>
    public int TestVectors { get; init; } = 10;

    /// <summary>Throws unless every option is in range, and names all that are not.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message has a line for each fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        bool isName = Name is { Length: >= 1 and <= LongestName }
            && !char.IsAsciiDigit(Name[0]) && Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
        if (!isName)
            faults.Add($"'Name' is '{Name}'; it must be 1 to {LongestName} letters, digits and _, and not begin with a digit.");
        else if (Keywords.Contains(Name)) faults.Add($"'Name' is '{Name}', a keyword of C; it must be another name.");
        Defined(InnerLoop, nameof(InnerLoop));
        if (Input is CInput input) Defined(input, nameof(Input));
        if (TestVectors is < 1 or > MostVectors)
            faults.Add($"'TestVectors' is {TestVectors:N0}; it must be from 1 to {MostVectors:N0}.");
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults));

        void Defined<T>(T value, string name)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
                faults.Add($"'{name}' is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}
