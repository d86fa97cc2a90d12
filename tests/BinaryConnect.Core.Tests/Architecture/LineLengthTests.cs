using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>No line is longer than a reader's window: 120 columns of comments and Markdown, 130 of code.</summary>
internal sealed class LineLengthTests
{
    private const int MostText = 120, MostCode = 130;

    [Test]
    public void Comments_code_and_Markdown_end_in_time()
    {
        string[] files = [.. FilesOf("*.cs"), .. FilesOf("*.md")];
        string[] faults = [.. files.SelectMany(LongLines)];

        Assert.That(files, Has.Length.GreaterThan(400));
        Assert.That(faults, Is.Empty);
    }

    private static IEnumerable<string> FilesOf(string pattern) => Directory
        .EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "TestResults"));

    private static IEnumerable<string> LongLines(string file)
    {
        bool isMarkdown = file.EndsWith(".md", StringComparison.Ordinal), isFenced = false;
        int number = 0;
        foreach (string line in File.ReadLines(Repository.PathOf(file)))
        {
            number++;
            string text = line.TrimStart();
            if (isMarkdown && text.StartsWith("```", StringComparison.Ordinal)) isFenced = !isFenced;
            bool isExempt = isMarkdown && (isFenced || text.StartsWith('|'));
            int most = isMarkdown || text.StartsWith("//", StringComparison.Ordinal) ? MostText : MostCode;
            if (!isExempt && line.Length > most) yield return $"{file}:{number} has {line.Length} columns";
        }
    }
}
