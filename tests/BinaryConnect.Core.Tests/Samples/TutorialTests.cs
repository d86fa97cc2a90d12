using System.Globalization;
using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The nine programs of the tutorial.</summary>
internal sealed partial class TutorialTests
{
    private const int MostLines = 100;

    private static readonly string Folder = Repository.PathOf("samples", "tutorial");

    private static readonly string[] Chapters =
    [
        "01-objective", "02-theory", "03-forward-pass", "04-backward-pass", "05-testing", "06-binarization",
        "07-testing-binarization", "08-discussion", "09-one-bit-out",
    ];

    [Test]
    public void There_are_nine_chapters_and_the_readme_lists_them_in_order()
    {
        string[] files = [.. Directory.GetFiles(Folder, "*.cs").Select(Path.GetFileNameWithoutExtension).Order()!];
        string[] listed = [.. ListedChapter().Matches(File.ReadAllText(Path.Combine(Folder, "README.md")))
            .Select(match => match.Groups[1].Value)];

        Assert.That(files, Is.EqualTo(Chapters));
        Assert.That(listed, Is.EqualTo(Chapters));
    }

    [TestCaseSource(nameof(Chapters))]
    public void A_chapter_fits_a_page(string chapter) =>
        Assert.That(File.ReadAllLines(PathOf(chapter)), Has.Length.AtMost(MostLines));

    [TestCaseSource(nameof(Chapters))]
    public void A_chapter_answers_the_question_before_it_and_ends_with_one(string chapter)
    {
        string text = File.ReadAllText(PathOf(chapter));
        int number = Array.IndexOf(Chapters, chapter) + 1;

        Assert.That(text, Does.Match("""uestion: [^"]+\?"""));
        Assert.That(text, Does.Contain($"// Chapter {number}, "));
        Assert.That(text, Does.Contain($"// Run it: dotnet run -c Release samples/tutorial/{chapter}.cs"));
        if (number > 1) Assert.That(text, Does.Contain($"// Answer to chapter {number - 1}: "));
    }

    /// <summary>
    /// The text must be that of the file in Chapters, numbers within a tolerance. Chapters 1 to 4 use scalar arithmetic
    /// and need none. Sums of chapter 5 differ in their last bits between instruction sets.
    /// </summary>
    [TestCase("01-objective", 0)]
    [TestCase("02-theory", 0)]
    [TestCase("03-forward-pass", 0)]
    [TestCase("04-backward-pass", 0)]
    [TestCase("05-testing", 0.002)]
    [Explicit("It builds and runs a program.")]
    [Category("Slow")]
    public void A_chapter_prints_what_it_printed(string chapter, double tolerance)
    {
        string expected = File.ReadAllText(
            Repository.PathOf("tests", "BinaryConnect.Core.Tests", "Samples", "Chapters", chapter + ".txt"));
        string output = Run(chapter);

        Assert.That(Number().Replace(output, "#"), Is.EqualTo(Number().Replace(Normal(expected), "#")));
        Assert.That(NumbersOf(output), Is.EqualTo(NumbersOf(expected)).Within(tolerance + 1e-9));
    }

    [Test]
    [Explicit("It builds and runs a program.")]
    [Category("Slow")]
    public void Chapter_6_shows_what_binarizing_after_training_costs()
    {
        string output = Run("06-binarization");

        double real = NumberAfter(output, "Trained with real weights: accuracy ");
        Assert.That(real, Is.EqualTo(0.869).Within(0.003));
        Assert.That(NumberAfter(output, "The signs of these weights: accuracy "), Is.EqualTo(0.52).Within(0.05));
        Assert.That(NumberAfter(output, "Trained with binary weights: accuracy "), Is.EqualTo(0.71).Within(0.1));
        Assert.That(output, Does.Match(@"\n\d+ of 7840 latent weights are at -1 or \+1, where the clip holds them\.\n"));
    }

    [Test]
    [Explicit("It builds and runs a program.")]
    [Category("Slow")]
    public void Chapter_7_trains_as_the_notebook_does()
    {
        string output = Run("07-testing-binarization");

        Assert.That(output, Does.Match(@"^Real biases\n step α test loss accuracy changes\n( 200 0\.450 [^\n]+ 1\n)"));
        Assert.That(NumberAfter(output, "Best accuracy "), Is.EqualTo(0.86).Within(0.03));
        Assert.That(NumberAfter(output, "Best accuracy with binary biases "), Is.EqualTo(0.86).Within(0.03));
        Assert.That(FifthChange().Count(output), Is.EqualTo(2), "Both runs end with the fifth change of the rate.");
    }

    [Test]
    [Explicit("It builds and runs a program.")]
    [Category("Slow")]
    public void Chapter_8_shows_the_jitter_and_that_nothing_moves_without_latent_weights()
    {
        string output = Run("08-discussion");

        Match worst = Worst().Match(output);
        Assert.That(worst.Success, output);
        Assert.That(Parse(worst.Groups[1].Value) - Parse(worst.Groups[2].Value), Is.InRange(0.03, 0.3));
        Assert.That(Parse(worst.Groups[3].Value), Is.InRange(10, 60));
        Assert.That(Parse(worst.Groups[4].Value), Is.InRange(2, 12));
        double sgd = NumberAfter(output, "gradient descent, α = 0.1 "), adam = NumberAfter(output, "Adam, α = 0.01 ");
        Assert.That(sgd, Is.InRange(0.01, 0.06));
        Assert.That(adam, Is.GreaterThan(0.005).And.LessThan(sgd), "Adam jitters less, and jitters.");
        Assert.That(NumberAfter(output, "Adam, α = 0.001 "), Is.LessThan(sgd));
        Assert.That(NumberAfter(output, "real weights, α = 0.1 "), Is.LessThan(adam / 2));
        Assert.That(output, Does.Contain("\nWithout latent weights: 0 flips in 150 steps; "));
        Assert.That(NumberAfter(output, "the largest α · |g| is "), Is.InRange(0.01, 0.05));
    }

    [Test]
    [Explicit("It builds and runs a program.")]
    [Category("Slow")]
    public void Chapter_9_reads_sums_from_a_table_and_packs_a_model()
    {
        string output = Run("09-one-bit-out");

        Assert.That(SumOfFour().Count(output), Is.EqualTo(16));
        Assert.That(output, Does.Contain("\nWeights +1 -1 +1 +1: four products give 1.375, and table[+-++] gives 1.375.\n"));
        Assert.That(NumberAfter(output, "a rate that falls to 0: accuracy "), Is.EqualTo(0.90).Within(0.01));
        Assert.That(output, Does.Contain("\nPacked: 1,060 bytes; weights and biases as floats: 31,400 bytes.\n"));
        Assert.That(NumberAfter(output, "gives the same digit for "), Is.GreaterThanOrEqualTo(9_990));
        Assert.That(output, Does.Match(
            @"\n10,000 images: [\d.]+ ms by a plain loop of multiplications, [\d.]+ ms by the packed model\.\n"));
    }

    private static string PathOf(string chapter) => Path.Combine(Folder, chapter + ".cs");

    private static string Run(string chapter) =>
        Normal(Command.Succeed(Path.GetTempPath(), "dotnet", "run", "-c", "Release", PathOf(chapter)));

    // Numbers of another length move the spaces of a table.
    private static string Normal(string text) => Spaces().Replace(text.ReplaceLineEndings("\n").Trim(), " ");

    private static double[] NumbersOf(string text) => [.. Number().Matches(text).Select(match => Parse(match.Value))];

    private static double NumberAfter(string text, string words)
    {
        Match match = Regex.Match(text, Regex.Escape(words) + @"([\d.,]*\d)");
        Assert.That(match.Success, $"No number after '{words}' in\n{text}");
        return Parse(match.Groups[1].Value);
    }

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| \[(\d\d-[a-z0-9-]+)\.cs\]", RegexOptions.Multiline)]
    private static partial Regex ListedChapter();

    [GeneratedRegex(@"\d[\d,]*(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\n ?\d+ 0\.295 [^\n]* 5\n")]
    private static partial Regex FifthChange();

    [GeneratedRegex(@"Step 1\d\d: accuracy ([\d.]+) -> ([\d.]+), (\d+) of 7840 signs flipped, sum of \|Δw\| ([\d.]+)")]
    private static partial Regex Worst();

    [GeneratedRegex(@"^[+-]{4} -?\d\.\d{3} +\*$", RegexOptions.Multiline)]
    private static partial Regex SumOfFour();
}
