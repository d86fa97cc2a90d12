using System.Text.Json;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

internal sealed class CommandLineTests
{
    [TestCase("'--steps' is '0'; it must be a whole number of at least 1.", "--steps", "0")]
    [TestCase("'--steps' is '-5'; it must be a whole number of at least 1.", "--steps", "-5")]
    [TestCase("'--steps' is '1e3'; it must be a whole number of at least 1.", "--steps", "1e3")]
    [TestCase("'--steps' is '99999999999'; it must be a whole number of at least 1.", "--steps", "99999999999")]
    [TestCase("Required argument missing for option: '--steps'.", "--steps")]
    [TestCase("Option '--steps' expects a single argument but 2 were provided.", "--steps", "1", "--steps", "2")]
    [TestCase("'--seed' is '1.5'; it must be a whole number.", "--seed", "1.5")]
    [TestCase("'--binarizer' is 'both'; it must be deterministic, stochastic or none.", "--binarizer", "both")]
    [TestCase("'--recipe' is 'Best'; it must be tutorial, best, tiny or small.", "--recipe", "Best")]
    [TestCase("Unrecognized command or argument '--epochs'. '--help' lists commands and options.", "--epochs")]
    [TestCase("Unrecognized command or argument 'extra'. '--help' lists commands and options.", "extra")]
    [TestCase("Unrecognized command or argument '--epochs'. 'train --help' lists its options.", "train", "--epochs")]
    [TestCase("'--json' is ''; it must be a file.", "--json", "")]
    [TestCase("'--data' is ' '; it must be a folder.", "--data", " ")]
    [TestCase("'--json' is '.', a folder; it must be a file.", "--json", ".")]
    public async Task A_bad_option_gives_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo(message + Environment.NewLine));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task A_report_in_a_folder_that_does_not_exist_is_refused_before_training()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("missing/report.json");

        (int exitCode, string output, string error) = await Run("--steps", "1", "--json", file);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(
            error,
            Is.EqualTo($"'--json' is '{file}'; its folder '{folder.PathOf("missing")}' does not exist.{Environment.NewLine}"));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task Missing_data_give_one_line_and_exit_code_2()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output, string error) = await Run("--data", folder.Path);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith($"No train-images-idx3-ubyte in '{folder.Path}'. "));
        Assert.That(error.TrimEnd().ReplaceLineEndings("\n"), Does.Not.Contain("\n"));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task Damaged_data_give_one_line_and_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(MnistData.Folder, "*.gz"))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        string damaged = folder.PathOf("t10k-labels-idx1-ubyte.gz");
        File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..2000]);

        (int exitCode, _, string error) = await Run("--data", folder.Path);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith(damaged));
        Assert.That(error.TrimEnd().ReplaceLineEndings("\n"), Does.Not.Contain("\n"));
    }

    [Test]
    public async Task A_report_that_can_not_be_written_is_refused_before_training()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("report.json.partial"));

        (int exitCode, string output, string error) = await Run("--steps", "1", "--json", folder.PathOf("report.json"));

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain(folder.PathOf("report.json.partial")));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task A_run_that_diverges_gives_one_line_and_exit_code_1()
    {
        using var error = new StringWriter();
        var fault = new TrainingDivergedException(3, 0.5f, "the loss is NaN");

        int exitCode = await CommandLine.RunJob(() => throw fault, error);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.ToString(), Is.EqualTo(fault.Message + Environment.NewLine));
    }

    [Test]
    public async Task Too_little_memory_gives_one_line_and_exit_code_2()
    {
        using var error = new StringWriter();

        int exitCode = await CommandLine.RunJob(() => throw new InsufficientMemoryException(), error);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.ToString(), Is.EqualTo($"There is not enough memory for such a network.{Environment.NewLine}"));
    }

    [TestCase("mnist mlp --re", "--recipe", "--resume")]
    [TestCase("mnist train --binarizer s", "stochastic")]
    [TestCase("mnist mlp --evaluation-weights la", "last-step", "latent")]
    [TestCase("mnist ev", "evaluate")]
    public async Task A_shell_gets_the_words_that_may_follow(string line, params string[] expected)
    {
        (int exitCode, string output, _) = await Run($"[suggest:{line.Length}]", line);

        string word = line.Split(' ')[^1];
        string[] words = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(exitCode, Is.Zero);
        Assert.That(words.Where(text => text.StartsWith(word, StringComparison.Ordinal)), Is.EqualTo(expected));
    }

    [TestCase("--help")]
    [TestCase("train", "--help")]
    [TestCase("mlp", "--help")]
    public async Task Help_has_an_example_and_lists_the_exit_codes(params string[] arguments)
    {
        (int exitCode, string output, _) = await Run(arguments);

        Assert.That(exitCode, Is.Zero);
        const string List = @"\nExample:\n  \S+ .+\n\nExit codes:\n  0 +The command did .*\n  1 +.*\n  2 +.*\n  130 +Ctrl-C ";
        Assert.That(output.ReplaceLineEndings("\n"), Does.Match(List));
    }

    [Test]
    public async Task What_a_run_has_and_cannot_write_gives_one_line_and_exit_code_1()
    {
        using var error = new StringWriter();

        int exitCode = await CommandLine.RunJob(
            () =>
            {
                RunFailedException.Guard(() => throw new IOException("No space left."));
                return StopReason.Completed;
            },
            error);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.ToString(), Is.EqualTo($"No space left.{Environment.NewLine}"));
    }

    [Test]
    public async Task A_report_named_minus_is_all_that_the_output_has()
    {
        (int exitCode, string output, string error) = await Run("--steps", "20", "--data", MnistData.Folder, "--json", "-");

        Assert.That(exitCode, Is.Zero);
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.That(report.RootElement.GetProperty("steps").GetInt32(), Is.EqualTo(20));
        Assert.That(error, Does.Contain("test accuracy").And.Contain("Completed after 20 steps"));
        Assert.That(File.Exists("-"), Is.False);
    }

    [Test]
    public async Task Too_little_memory_in_a_run_gives_the_same_line()
    {
        using var error = new StringWriter();

        int exitCode = await CommandLine.RunJob(
            () => throw new TrainingStoppedException("x", TrainingFault.Component, new InsufficientMemoryException()), error);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.ToString(), Is.EqualTo($"There is not enough memory for such a network.{Environment.NewLine}"));
    }

    [TestCase(TrainingFault.File)]
    [TestCase(TrainingFault.ProgressHandler)]
    public async Task A_file_that_cannot_be_written_in_a_run_gives_one_line_and_exit_code_1(TrainingFault cause)
    {
        using var error = new StringWriter();

        int exitCode =
            await CommandLine.RunJob(() => throw new TrainingStoppedException("no space\nleft", cause, new IOException()), error);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.ToString(), Is.EqualTo($"no space left{Environment.NewLine}"));
    }

    [Test]
    public async Task Help_names_every_option()
    {
        (int exitCode, string output, _) = await Run("--help");

        Assert.That(exitCode, Is.Zero);
        string[] options = ["--seed", "--steps", "--binarizer", "--recipe", "--save", "--pack", "--data", "--json"];
        foreach (string option in options) Assert.That(output, Does.Contain(option));
    }

    [Test]
    public async Task A_run_prints_its_table_and_ends_with_loss_and_accuracy()
    {
        (int exitCode, string output, string error) = await Run(
            "--recipe", "tutorial", "--steps", "400", "--seed", "7", "--data", MnistData.Folder);

        Assert.That(exitCode, Is.Zero);
        Assert.That(error, Is.Empty);
        string[] lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(lines[0], Is.EqualTo("BinaryConnect on MNIST: tutorial recipe, deterministic binarizer, seed 7"));
        Assert.That(lines[1], Is.EqualTo("55,000 training and 10,000 test examples; 7,840 weights"));
        Assert.That(lines[2], Is.EqualTo("tested with last-step weights (as the last step used them)"));
        Assert.That(lines[4], Is.EqualTo("    step  done  test loss  test accuracy     rate  flips/step  steps/s     left"));
        const string Pace = @"[\d.,]+ +[\d.,]+  0:00:\d\d$";
        Assert.That(lines[5], Does.Match(@"^     200  50 % +\d+\.\d{4} +0\.\d{4} +0\.5 +" + Pace));
        Assert.That(lines[6], Is.EqualTo("          rate 0.5 -> 0.45"));
        Assert.That(lines[7], Does.Match(@"^     400 100 % +\d+\.\d{4} +0\.\d{4} +0\.45 +" + Pace));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(lines[^3], Does.Match(@"^Completed after 400 steps, \d+\.\d\d s$"));
        Assert.That(lines[^2], Does.Match(@"^Best test accuracy 0\.\d{4}, at step (200|400)$"));
        Assert.That(lines[^1], Does.Match(@"^Final test loss \d+\.\d{4}, test accuracy 0\.\d{4}$"));
    }

    [TestCase("deterministic", "tutorial", "last-step")]
    [TestCase("stochastic", "tutorial", "inference")]
    [TestCase("none", "tutorial", "inference")]
    [TestCase("deterministic", "best", "inference")]
    public async Task The_report_holds_the_whole_run(string binarizer, string recipe, string evaluationWeights)
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("report.json");
        File.WriteAllText(file, "an older report");

        (int exitCode, string output, _) = await Run(
            "--steps", "60", "--seed", "-3", "--binarizer", binarizer, "--recipe", recipe, "--data", MnistData.Folder, "--json",
            file);

        Assert.That(exitCode, Is.Zero);
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { file }), "nothing is left aside");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement report = document.RootElement;
        JsonElement last = report.GetProperty("evaluations").EnumerateArray().Last();
        Assert.That(report.GetProperty("steps").GetInt32(), Is.EqualTo(60));
        Assert.That(report.GetProperty("seconds").GetDouble(), Is.Positive);
        Assert.That(report.GetProperty("seed").GetInt32(), Is.EqualTo(-3));
        Assert.That(report.GetProperty("recipe").GetString(), Is.EqualTo(recipe));
        Assert.That(report.GetProperty("binarizer").GetString(), Is.EqualTo(binarizer));
        Assert.That(report.GetProperty("evaluationWeights").GetString(), Is.EqualTo(evaluationWeights));
        Assert.That(report.TryGetProperty("network", out _), Is.False);
        Assert.That(report.TryGetProperty("oneBit", out _), Is.False);
        Assert.That(report.GetProperty("stopReason").GetString(), Is.EqualTo("completed"));
        Assert.That(last.GetProperty("step").GetInt32(), Is.EqualTo(60));
        Assert.That(last.GetProperty("learningRate").GetDouble(), Is.Positive);
        Assert.That(report.GetProperty("finalTestLoss").GetDouble(), Is.EqualTo(last.GetProperty("testLoss").GetDouble()));
        Assert.That(
            report.GetProperty("finalTestAccuracy").GetDouble(), Is.EqualTo(last.GetProperty("testAccuracy").GetDouble()));
        Assert.That(
            report.GetProperty("bestTestAccuracy").GetDouble(),
            Is.GreaterThanOrEqualTo(last.GetProperty("testAccuracy").GetDouble()));
        Assert.That(report.GetProperty("history").GetArrayLength(), Is.EqualTo(60));
        Assert.That(report.GetProperty("history")[0].GetProperty("loss").GetDouble(), Is.Positive);
        Assert.That(output.Contains("binarized after training", StringComparison.Ordinal), Is.EqualTo(binarizer == "none"));
    }

    [Test]
    public async Task The_same_seed_gives_the_same_figures_and_another_one_others()
    {
        string Figures(string output) => output[output.IndexOf("Final", StringComparison.Ordinal)..];
        string[] run = ["--recipe", "tutorial", "--steps", "50", "--data", MnistData.Folder, "--seed"];
        string first = Figures((await Run([.. run, "5"])).Output);
        string second = Figures((await Run([.. run, "5"])).Output);
        string other = Figures((await Run([.. run, "6"])).Output);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.RunAsync(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
