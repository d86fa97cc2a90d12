using System.Globalization;
using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>
/// The C# programs of README.md and of the guide, in new projects outside the checkout: built against the package, and
/// run in the checkout's folder. They must print what their page says.
/// </summary>
internal sealed partial class DocumentedProgramTests
{
    // Of accuracies and probabilities, which differ between instruction sets.
    private const double Tolerance = 0.03;

    // Of all other numbers without a unit of time, as a share of the page's. Small whole numbers must be equal.
    private const double Share = 0.2;

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        Package.WriteNuGetConfig(_folder);
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void The_program_of_the_readme_prints_what_it_says()
    {
        DocumentedProgram program = DocumentedProgram.OfReadme.Single();

        Run(program, Build("Readme", ("Program.cs", program.File)));
    }

    [Test]
    [Explicit("It runs many programs.")]
    [Category("Slow")]
    public void The_programs_of_the_guide_print_what_it_says()
    {
        // One assembly for all of them, since a build takes longer than most of the programs.
        IReadOnlyList<DocumentedProgram> programs = DocumentedProgram.OfGuide;
        string calls = string.Concat(programs.Select(
            program => $"if (args[0] == \"{program.Name}\") {program.Name}.Program.Run();\n"));
        IEnumerable<(string, string)> files = programs.Select(program => (program.Name + ".cs", program.Method));
        string assembly = Build("Guide", [("Main.cs", calls), .. files]);

        Assert.Multiple(() =>
        {
            foreach (DocumentedProgram program in programs) Run(program, assembly);
        });
    }

    [Test]
    public void A_page_gives_its_programs_with_their_types_last()
    {
        const string Page = """
            # A page
            ```csharp
            using System.Text;

            int x = 1;
            ```
            and
            ```csharp
            internal sealed class A;
            ```
            ```text
            1
            ```
            ```
            dotnet run
            ```
            ```csharp
            Console.WriteLine(x);
            ```
            ```text
            2
            ```
            ```csharp
            using System;
            ```
            ```text
            3
            ```
            """;

        Assert.That(DocumentedProgram.Read(Page, "Page"), Is.EqualTo(new[]
        {
            new DocumentedProgram(
                "Page_1",
                "using System.Text;\n",
                "\nint x = 1;\nConsole.WriteLine(x);\n",
                "internal sealed class A;\n",
                "1\n2\n"),
            new DocumentedProgram("Page_2", "using System;\n", "", "", "3\n"),
        }));
        Assert.That(
            () => DocumentedProgram.Read("```csharp\nusing System;\n```\n", "Page"),
            Throws.InvalidOperationException.With.Message.EqualTo("Page: the page does not say what Page_1 prints."));
        Assert.That(
            () => DocumentedProgram.Read("```csharp\nint x = 1;\n```\n", "Page"),
            Throws.InvalidOperationException.With.Message.Contains("stands before a program"));
    }

    [TestCase("Accuracy 0.914", "Accuracy 0.93", ExpectedResult = true)]
    [TestCase("Accuracy 0.914", "Accuracy 0.960", ExpectedResult = false)]
    [TestCase("Accuracy 0.914", "Precision 0.914", ExpectedResult = false)]
    [TestCase("1,508 bytes", "1,610 bytes", ExpectedResult = true)]
    [TestCase("1,508 bytes", "3,016 bytes", ExpectedResult = false)]
    [TestCase("a 7 in 0.2 s", "a 7 in 3.9 s", ExpectedResult = true)]
    [TestCase("a 7 in 0.2 s", "a 6 in 0.2 s", ExpectedResult = false)]
    [TestCase("a  b\n", "a b", ExpectedResult = true)]
    [TestCase("1 line\n2 lines", "1 line", ExpectedResult = false)]
    public bool An_output_is_that_of_the_page_but_for_small_differences_of_numbers(string page, string output) =>
        Difference(page, output) is null;

    private string Build(string name, params IEnumerable<(string Name, string Text)> files)
    {
        string folder = Directory.CreateDirectory(_folder.PathOf(name)).FullName;
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestorePackagesPath>{_folder.PathOf("packages")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="BinaryConnect.Core" Version="{Package.Version}" />
              </ItemGroup>
            </Project>
            """);
        foreach ((string file, string text) in files) File.WriteAllText(Path.Combine(folder, file), text);
        Command.Succeed(folder, "dotnet", "build", "-c", "Release", "-o", Path.Combine(folder, "out"));
        return Path.Combine(folder, "out", name + ".dll");
    }

    private static void Run(DocumentedProgram program, string assembly)
    {
        string output = Command.Succeed(Repository.Root, "dotnet", assembly, program.Name);
        string? difference = Difference(program.Output, output);
        Assert.That(difference, Is.Null, $"{program.Name}: {difference}\nThe page:\n{program.Output}\nThe program:\n{output}");
    }

    // The first difference that matters between what a page says and what its program printed; null for none.
    private static string? Difference(string page, string output)
    {
        string expectedText = Text(page), text = Text(output);
        if (expectedText != text) return $"The texts are '{expectedText}' and '{text}'.";
        foreach ((Match expected, Match actual) in Number().Matches(page).Zip(Number().Matches(output)))
        {
            if (expected.Groups["time"].Success) continue;
            double value = Value(expected), most = expected.Groups["share"].Success ? Tolerance : Share * value;
            if (value < 10 && double.IsInteger(value)) most = 0;
            if (Math.Abs(Value(actual) - value) > most) return $"The page has '{expected}', and the program '{actual}'.";
        }

        return null;
    }

    // Numbers of another length move the spaces of a table.
    private static string Text(string output) =>
        Spaces().Replace(Number().Replace(output.ReplaceLineEndings("\n").Trim(), "#${time}"), " ");

    private static double Value(Match number) => double.Parse(number.Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<number>(?<share>[01]\.\d{3,})(?!\d)|\d[\d,]*(\.\d+)?)(?<time> (?:s|ms|µs)\b)?")]
    private static partial Regex Number();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
