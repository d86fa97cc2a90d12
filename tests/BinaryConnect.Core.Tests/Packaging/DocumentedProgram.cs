using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>
/// A C# program of a document. A block that begins with "using" begins a program, and the C# blocks after it continue
/// it. Types that they declare come last. Blocks of text between them are what the program prints.
/// </summary>
/// <param name="Name">The page, and the number of the program there: "Guide_data_1".</param>
/// <param name="Usings">Its using directives.</param>
/// <param name="Statements">Its statements.</param>
/// <param name="Types">The types that it declares.</param>
/// <param name="Output">What it prints.</param>
internal sealed partial record DocumentedProgram(string Name, string Usings, string Statements, string Types, string Output)
{
    /// <summary>The programs of README.md.</summary>
    public static IReadOnlyList<DocumentedProgram> OfReadme { get; } = In("README.md", "Readme");

    /// <summary>The programs of the guide.</summary>
    public static IReadOnlyList<DocumentedProgram> OfGuide { get; } =
    [
        .. Directory.GetFiles(Repository.PathOf("docs", "guide"), "*.md").Order()
            .SelectMany(page => In(page, "Guide_" + Path.GetFileNameWithoutExtension(page).Replace('-', '_'))),
    ];

    /// <summary>The program as a file of its own.</summary>
    public string File => $"{Usings}\n{Statements}\n{Types}";

    /// <summary>The program as a method, <c>Program.Run()</c> in the namespace of its name.</summary>
    public string Method => $$"""
        namespace {{Name}}
        {
        {{Usings}}
        internal static class Program
        {
        internal static void Run()
        {
        {{Statements}}
        }
        }

        {{Types}}
        }
        """;

    /// <summary>Reads the programs of a page.</summary>
    /// <exception cref="InvalidOperationException">A program prints nothing, or a block belongs to none.</exception>
    public static IReadOnlyList<DocumentedProgram> Read(string page, string name)
    {
        var programs = new List<DocumentedProgram>();
        foreach (Match block in Block().Matches(page.ReplaceLineEndings("\n")))
        {
            string usings = block.Groups["usings"].Value, text = block.Groups["text"].Value;
            if (usings.Length > 0) programs.Add(new DocumentedProgram($"{name}_{programs.Count + 1}", usings, "", "", ""));
            if (programs.Count == 0)
                throw new InvalidOperationException($"{name}: a block of C# or text stands before a program: {text}");
            DocumentedProgram last = programs[^1];
            if (block.Groups["kind"].Value == "text")
            {
                programs[^1] = last with { Output = last.Output + text };
                continue;
            }

            Match type = Type().Match(text);
            int length = type.Success ? type.Index : text.Length;
            programs[^1] = last with { Statements = last.Statements + text[..length], Types = last.Types + text[length..] };
        }

        if (programs.Find(program => program.Output.Length == 0) is DocumentedProgram silent)
            throw new InvalidOperationException($"{name}: the page does not say what {silent.Name} prints.");
        return programs;
    }

    private static IReadOnlyList<DocumentedProgram> In(string page, string name) =>
        Read(System.IO.File.ReadAllText(Repository.PathOf(page)), name);

    [GeneratedRegex(
        @"^```(?<kind>csharp|text)\n(?<usings>(?:using [\w.]+;\n)*)(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^(?:internal|public) ", RegexOptions.Multiline)]
    private static partial Regex Type();
}
