using System.Security.Cryptography;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

/// <summary>The table of irises is whole, and its licence is named beside it.</summary>
internal sealed class IrisFileTests
{
    private static readonly string Folder = Repository.PathOf("samples", "data", "iris");

    [Test]
    public void The_file_has_the_checksum_that_its_readme_states()
    {
        string checksum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "iris.csv"))));

        Assert.That(File.ReadAllText(Path.Combine(Folder, "README.md")), Does.Contain(
            $"| `iris.csv` | four sizes and the species | 150 | `{checksum}` |"));
    }

    [Test]
    public void It_has_50_rows_of_each_species()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, "iris.csv"));

        Assert.That(lines[0], Is.EqualTo("sepal_length,sepal_width,petal_length,petal_width,species"));
        Assert.That(
            lines.Skip(1).GroupBy(line => line.Split(',')[4]).Select(group => (group.Key, group.Count())),
            Is.EqualTo(new[] { ("setosa", 50), ("versicolor", 50), ("virginica", 50) }));
    }

    [Test]
    public void The_readme_names_author_source_and_licence() =>
        Assert.That(
            File.ReadAllText(Path.Combine(Folder, "README.md")),
            Does.Contain("R. A. Fisher").And.Contain("doi:10.24432/C56C76").And.Contain("Creative Commons Attribution 4.0"));
}
