using System.Text.Json;
using System.Text.RegularExpressions;
using BinaryConnect.Inference;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Samples.Mnist.OneBit;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The program without options: the tutorial's run, then one bit a weight against real weights.</summary>
internal sealed partial class OneBitJobTests
{
    [TestCase("")]
    [TestCase("train")]
    public async Task It_ends_with_bytes_accuracy_and_time_of_both(string command)
    {
        using var folder = new TemporaryFolder();
        string json = folder.PathOf("report.json"), packed = folder.PathOf("digits.packed");
        string[] words = command.Length == 0 ? [] : [command];

        string output = await SampleCommand.Succeed(
            [.. words, "--steps", "400", "--data", MnistData.Folder, "--json", json, "--pack", packed]);

        Assert.That(output, Does.Contain("\nCompleted after 400 steps, ").And.Contain("\nFinal test loss "));
        Match table = Table().Match(output);
        Assert.That(table.Success, output);
        JsonElement report = JsonDocument.Parse(File.ReadAllBytes(json)).RootElement;
        Assert.That(report.EnumerateObject().Last().Name, Is.EqualTo("oneBit"), "new fields are the last");
        Assert.That(report.GetProperty("recipe").GetString(), Is.EqualTo("tutorial"));
        Assert.That(report.GetProperty("steps").GetInt32(), Is.EqualTo(400));
        JsonElement oneBit = report.GetProperty("oneBit");
        Assert.That(oneBit.GetProperty("recipe").GetString(), Is.EqualTo("best"));
        Assert.That(oneBit.GetProperty("steps").GetInt32(), Is.EqualTo(400));
        Assert.That(oneBit.GetProperty("bestStep").GetInt32(), Is.EqualTo(400));
        Assert.That(oneBit.GetProperty("validationAccuracy").GetDouble(), Is.InRange(0.8, 0.95));
        Assert.That(oneBit.GetProperty("images").GetInt32(), Is.EqualTo(10_000));
        foreach ((string side, int bytes) in new[] { ("packed", 1_060), ("real", 31_400) })
        {
            JsonElement figures = oneBit.GetProperty(side);
            double accuracy = figures.GetProperty("testAccuracy").GetDouble();
            Assert.That(figures.GetProperty("bytes").GetInt32(), Is.EqualTo(bytes));
            Assert.That(accuracy, Is.InRange(0.75, 0.95));
            Assert.That(figures.GetProperty("seconds").GetDouble(), Is.Positive);
            Assert.That(table.Groups[$"{side}Bytes"].Value, Is.EqualTo($"{bytes:N0}"));
            Assert.That(table.Groups[$"{side}Accuracy"].Value, Is.EqualTo($"{accuracy:F4}"));
        }

        Assert.That(
            SavedModel.Open(packed).AccuracyOn(MnistData.Tutorial.Test),
            Is.EqualTo(oneBit.GetProperty("packed").GetProperty("testAccuracy").GetDouble()));
    }

    [TestCase("--recipe", "tutorial")]
    [TestCase("--recipe", "best")]
    [TestCase("--binarizer", "deterministic")]
    public async Task A_recipe_or_a_binarizer_leaves_the_comparison_out(string option, string value)
    {
        string output = await SampleCommand.Succeed(option, value, "--steps", "20", "--data", MnistData.Folder);

        Assert.That(output, Does.Not.Contain("What one bit a weight buys"));
        Assert.That(output.TrimEnd('\n').Split('\n')[^1], Does.StartWith("Final test loss"));
    }

    [Test]
    public async Task The_model_that_is_saved_is_that_of_the_comparison()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("digits.safetensors");

        await SampleCommand.Succeed("--steps", "30", "--seed", "3", "--data", MnistData.Folder, "--save", file);

        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(file);
        Assert.That(texts["note.recipe"], Is.EqualTo("best"));
        Assert.That(texts["note.best_step"], Is.EqualTo("30"));
        Assert.That(texts["note.seed"], Is.EqualTo("3"));
    }

    [Test]
    public void The_validation_set_chooses_the_step()
    {
        Arguments arguments = new(1, 2_000, BinarizerKind.Deterministic, RecipeKind.Best, MnistData.Folder, null);

        Assert.That(Recipe.Validated(arguments).Options.KeepBest, Is.True);
        Assert.That(Recipe.For(arguments).Options.KeepBest, Is.False, "the run alone ends with its last step");
    }

    [Test]
    public void A_cancelled_comparison_says_so_and_has_no_report()
    {
        Arguments arguments = new(1, 2_000, BinarizerKind.Deterministic, RecipeKind.Tutorial, MnistData.Folder, null);
        using var text = new StringWriter();
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        (TrainedModel binary, OneBitReport? report) = OneBitJob.Run(
            arguments, text, new PlainRunView(text, TextWriter.Null, TimeSpan.MaxValue), stop.Token);

        Assert.That(report, Is.Null);
        Assert.That(binary.Report.StopReason, Is.EqualTo(StopReason.Cancelled));
        Assert.That(text.ToString().TrimEnd(), Is.EqualTo("Cancelled before one bit was compared with real weights"));
    }

    [GeneratedRegex(@"
What one bit a weight buys: the best recipe, 400 steps, twice
5,000 validation examples choose the step

                      bytes   test accuracy   10,000 images, one thread
real weights +(?<realBytes>[\d,]+) +(?<realAccuracy>0\.\d{4}) +\d+\.\d\d ms
one bit, packed +(?<packedBytes>[\d,]+) +(?<packedAccuracy>0\.\d{4}) +\d+\.\d\d ms

One bit: 30 times smaller, \d+\.\d times as fast, test accuracy 0\.\d{4} (lower|higher)
Packed in \S+: 1,508 bytes, test accuracy \k<packedAccuracy> with inference weights \(signs\)
Report in \S+
$")]
    private static partial Regex Table();
}
