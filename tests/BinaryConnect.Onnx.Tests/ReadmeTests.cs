namespace BinaryConnect.Onnx.Tests;

/// <summary>The program of the package's README is one that is compiled and run.</summary>
internal sealed class ReadmeTests
{
    [Test]
    public void The_program_writes_four_files()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        TrainedModels.Of("logistic").Save(folder.PathOf("digits.packed.safetensors"));
        try
        {
            Environment.CurrentDirectory = folder.Path;
            ReadmeExample.Run();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.That(
            Directory.GetFiles(folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(new[]
            {
                "digits.packed.safetensors", "digits.onnx", "digits.features.onnx", "digits.float.onnx", "digits.qonnx",
            }));
    }

    [Test]
    public void The_readme_has_that_program()
    {
        string readme = File.ReadAllText(Repository.PathOf("src", "BinaryConnect.Onnx", "README.md"));
        string[] blocks = readme.ReplaceLineEndings("\n").Split("```");
        string block = blocks.Single(text => text.StartsWith("csharp\n", StringComparison.Ordinal));
        string program = File.ReadAllText(Repository.PathOf("tests", "BinaryConnect.Onnx.Tests", "ReadmeExample.cs"));

        Assert.That(StatementsOf(block), Is.EqualTo(StatementsOf(program)).And.Not.Empty);
    }

    private static string[] StatementsOf(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("packed.", StringComparison.Ordinal)
            || line.StartsWith("PackedModel ", StringComparison.Ordinal))];
}
