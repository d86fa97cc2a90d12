using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The file-based program that trains on a table.</summary>
internal sealed class OwnDataTests
{
    private const int MostLines = 80;

    private static readonly string Program = Repository.PathOf("samples", "own-data.cs");

    [Test]
    public void It_fits_a_page() => Assert.That(File.ReadAllLines(Program), Has.Length.AtMost(MostLines));

    [Test]
    [Explicit("It builds the program, and needs nuget.org for the package Sep.")]
    [Category("Slow")]
    public void It_reads_trains_evaluates_saves_packs_and_predicts()
    {
        string output = Command.Succeed(Path.GetTempPath(), "dotnet", "run", "-c", "Release", Program);

        Assert.That(output.ReplaceLineEndings("\n").Trim(), Does.Match(
            "^150 flowers: 105 to train, 45 to test\n"
            + @"Test accuracy (0\.9\d\d|1\.000), macro F1 (0\.9\d\d|1\.000)" + "\n"
            + @"  setosa     precision (0\.[89]\d\d|1\.000), recall (0\.[89]\d\d|1\.000)" + "\n"
            + @"  versicolor precision (0\.[89]\d\d|1\.000), recall (0\.[89]\d\d|1\.000)" + "\n"
            + @"  virginica  precision (0\.[89]\d\d|1\.000), recall (0\.[89]\d\d|1\.000)" + "\n"
            + "356 bytes of weights; 6.3 x 2.5 x 5 x 1.9 cm is virginica$"));
    }
}
