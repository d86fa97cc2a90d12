using System.Text.Json;
using System.Text.RegularExpressions;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

internal sealed class MultilayerCommandTests
{
    private const string BadUnits = "it must be such as 1024x3 or 512,256, of at most 100 layers of at most 32,767 units.";

    [TestCase("'--epochs' is '0'; it must be a whole number of at least 1.", "--epochs", "0")]
    [TestCase("'--threads' is '-1'; it must be a whole number of at least 1.", "--threads", "-1")]
    [TestCase("'--seed' is '1.5'; it must be a whole number.", "--seed", "1.5")]
    [TestCase("'--recipe' is 'LaterCode'; it must be fast, published or later-code.", "--recipe", "LaterCode")]
    [TestCase("'--binarizer' is 'both'; it must be deterministic, stochastic or none.", "--binarizer", "both")]
    [TestCase(
        "'--evaluation-weights' is 'signs'; it must be inference, last-step, latent or sampled-average.",
        "--evaluation-weights", "signs")]
    [TestCase(
        "'--evaluation-weights' is 'sampled-average'; that must go with '--binarizer stochastic', "
        + "whose weights are drawn at random.",
        "--evaluation-weights", "sampled-average")]
    [TestCase("'--first-weights' is '1'; it must be between-signs or glorot.", "--first-weights", "1")]
    [TestCase("'--optimizer' is 'SGD'; it must be sgd, nesterov or adam.", "--optimizer", "SGD")]
    [TestCase(
        "'--rate-scaling' is 'glorot'; it must be none, inverse-glorot or inverse-glorot-squared.", "--rate-scaling", "glorot")]
    [TestCase("'--learning-rate' is '0'; it must be a positive number, or two such as 0.3:0.01.", "--learning-rate", "0")]
    [TestCase("'--learning-rate' is '0.3:'; it must be a positive number, or two such as 0.3:0.01.", "--learning-rate", "0.3:")]
    [TestCase("'--learning-rate' is '3:2:1'; it must be a positive number, or two such as 0.3:0.01.", "--learning-rate", "3:2:1")]
    [TestCase("'--dropout' is '1'; it must be a number of at least 0 and below 1.", "--dropout", "1")]
    [TestCase("'--dropout' is 'half'; it must be a number of at least 0 and below 1.", "--dropout", "half")]
    [TestCase("'--input-dropout' is '-0.1'; it must be a number of at least 0 and below 1.", "--input-dropout", "-0.1")]
    [TestCase("'--activation' is 'tanh'; it must be relu, identity or sign.", "--activation", "tanh")]
    [TestCase($"'--hidden' is ''; {BadUnits}", "--hidden", "")]
    [TestCase($"'--hidden' is '0'; {BadUnits}", "--hidden", "0")]
    [TestCase($"'--hidden' is '8x'; {BadUnits}", "--hidden", "8x")]
    [TestCase($"'--hidden' is '8x2x2'; {BadUnits}", "--hidden", "8x2x2")]
    [TestCase($"'--hidden' is '8,'; {BadUnits}", "--hidden", "8,")]
    [TestCase($"'--hidden' is '8x60,8x41'; {BadUnits}", "--hidden", "8x60,8x41")]
    [TestCase($"'--hidden' is '32768'; {BadUnits}", "--hidden", "32768")]
    [TestCase("Option '--hidden' expects a single argument but 2 were provided.", "--hidden", "8", "--hidden", "9")]
    [TestCase("'--resume' is given without '--checkpoint'; it must name the file to go on from.", "--resume")]
    [TestCase(
        "'--resume' is given and there is no '--checkpoint' file 'missing.safetensors'; without '--resume' it is made.",
        "--resume", "--checkpoint", "missing.safetensors")]
    [TestCase("'--checkpoint' is '.', a folder; it must be a file.", "--checkpoint", ".")]
    [TestCase("'--checkpoint' is '-', the standard output; it must be a file.", "--checkpoint", "-")]
    [TestCase("'--csv' and '--json' are both '-', the standard output; one must be a file.", "--csv", "-", "--json", "-")]
    [TestCase("'--json' is '.', a folder; it must be a file.", "--json", ".")]
    [TestCase("'--csv' is ' '; it must be a file.", "--csv", " ")]
    [TestCase("Unrecognized command or argument '--steps'. 'mlp --help' lists its options.", "--steps")]
    public async Task A_bad_option_gives_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo(message + Environment.NewLine));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task An_option_before_the_command_is_refused()
    {
        using StringWriter output = new(), error = new();

        int exitCode = await CommandLine.RunAsync(["--seed", "3", "mlp"], output, error);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.ToString(), Is.EqualTo($"'--seed' stands before 'mlp'; it must stand after it.{Environment.NewLine}"));
    }

    [Test]
    public async Task Missing_data_give_one_line_and_exit_code_2_and_leave_older_files_as_they_were()
    {
        using var folder = new TemporaryFolder();
        string log = folder.Write("log.csv", "an older log"u8.ToArray());

        (int exitCode, string output, string error) = await Run("--data", folder.Path, "--csv", log);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith($"No train-images-idx3-ubyte in '{folder.Path}'. "));
        Assert.That(error.TrimEnd().ReplaceLineEndings("\n"), Does.Not.Contain("\n"));
        Assert.That(output, Is.Empty);
        Assert.That(File.ReadAllText(log), Is.EqualTo("an older log"));
    }

    [Test]
    public async Task Help_names_every_option()
    {
        (int exitCode, string output, _) = await Run("--help");

        string[] options =
        [
            "--recipe", "--activation", "--binarizer", "--dropout", "--input-dropout", "--first-weights", "--optimizer",
            "--learning-rate", "--rate-scaling", "--seed", "--epochs", "--hidden", "--evaluation-weights", "--threads",
            "--checkpoint", "--resume", "--csv", "--json", "--data",
        ];
        Assert.That(exitCode, Is.Zero);
        foreach (string option in options) Assert.That(output, Does.Contain(option));
    }

    [Test]
    public async Task A_run_prints_network_and_epochs_and_ends_with_the_test_error_at_the_best_epoch()
    {
        (int exitCode, string output, string error) = await Train("--epochs", "2", "--dropout");

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Is.Empty);
        string[] lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.That(lines[..8], Is.EqualTo(new[]
        {
            "BinaryConnect on MNIST: multilayer network, fast recipe, seed 7",
            "50,000 training, 10,000 validation and 10,000 test examples; 2 epochs",
            "deterministic binarizer, dropout 0.5; tested with inference weights (signs)",
            "Sgd(momentum: 0, nesterov: False), rate scaling inverse-glorot-squared",
            "learning rate 0.3 to 0.01 over 2 epochs",
            "",
            "layer   kind                     shape   1-bit  32-bit  latent  packed",
            "                                        values  values   bytes   bytes",
        }));
        Assert.That(
            lines[^11], Does.Match(@"^total +12,960 +84 "), "784 · 16 + 16 · 16 + 16 · 10 weights, and two values a unit");
        Assert.That(lines[^10], Is.EqualTo("13,002 multiply-adds for an image"));
        const string Pace = @" +[\d.,]+ +[\d.,]+  0:00:\d\d$";
        Assert.That(lines[^6], Does.Match(@"^     1/2      0\.3 +\d\.\d{5} +\d\.\d{5} +\d+\.\d\d %\* +\d+\.\d\d %" + Pace));
        Assert.That(lines[^5], Does.Match(@"^     2/2     0\.01 +\d\.\d{5} +\d\.\d{5} +\d+\.\d\d %(\* +\d+\.\d\d %)?" + Pace));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(lines[^3], Does.Match(@"^Completed after 2 epochs, 500 steps, \d+\.\d\d s$"));
        Assert.That(lines[^2], Does.Match(@"^Best validation error \d+\.\d\d %, at epoch [12]$"));
        Assert.That(lines[^1], Does.Match(@"^Test error there \d+\.\d\d %, with inference weights \(signs\)$"));
    }

    [Test]
    public async Task Activations_may_be_signs()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("report.json");

        (int exitCode, string output, string error) = await Train(
            "--epochs", "1", "--activation", "sign", "--input-dropout", "--json", file);

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(
            output, Does.Contain("deterministic binarizer, sign activations, input dropout 0.2; tested with inference weights"));
        Assert.That(output, Does.Match(@"layer1.* sign "));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement network = document.RootElement.GetProperty("network");
        Assert.That(network.GetProperty("activation").GetString(), Is.EqualTo("sign"));
        Assert.That(network.GetProperty("dropout").GetSingle(), Is.Zero);
        Assert.That(network.GetProperty("inputDropout").GetSingle(), Is.EqualTo(0.2f));
    }

    [TestCase("deterministic", "published", "inference")]
    [TestCase("stochastic", "later-code", "latent")]
    [TestCase("stochastic", "published", "sampled-average", "--evaluation-weights", "sampled-average")]
    [TestCase("stochastic", "fast", "last-step", "--evaluation-weights", "last-step")]
    [TestCase("none", "fast", "inference", "--evaluation-weights", "inference")]
    [TestCase("none", "fast", "latent")]
    public async Task Report_and_log_hold_the_whole_run(string binarizer, string recipe, string weights, params string[] more)
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("report.json"), log = folder.PathOf("log.csv");

        (int exitCode, _, string error) = await Train(
            ["--epochs", "2", "--binarizer", binarizer, "--recipe", recipe, "--json", file, "--csv", log, .. more]);

        Assert.That(exitCode, Is.Zero, error);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement report = document.RootElement, network = report.GetProperty("network");
        JsonElement epochs = network.GetProperty("epochs");
        JsonElement last = report.GetProperty("evaluations").EnumerateArray().Last();
        int steps = recipe == "later-code" ? 1_000 : 500;
        Assert.That(report.GetProperty("steps").GetInt32(), Is.EqualTo(steps));
        Assert.That(report.GetProperty("history").GetArrayLength(), Is.EqualTo(steps));
        Assert.That(report.GetProperty("seconds").GetDouble(), Is.Positive);
        Assert.That(report.GetProperty("seed").GetInt32(), Is.EqualTo(7));
        Assert.That(report.GetProperty("recipe").GetString(), Is.EqualTo(recipe));
        Assert.That(report.GetProperty("binarizer").GetString(), Is.EqualTo(binarizer));
        Assert.That(report.GetProperty("evaluationWeights").GetString(), Is.EqualTo(weights));
        Assert.That(report.GetProperty("stopReason").GetString(), Is.EqualTo("completed"));
        Assert.That(report.GetProperty("finalTestLoss").GetDouble(), Is.EqualTo(last.GetProperty("testLoss").GetDouble()));
        Assert.That(
            report.GetProperty("finalTestAccuracy").GetDouble(),
            Is.EqualTo(last.GetProperty("testAccuracy").GetDouble()).And.GreaterThan(0.5));
        Assert.That(network.GetProperty("bestEpoch").GetInt32() * (steps / 2), Is.EqualTo(last.GetProperty("step").GetInt32()));
        Assert.That(network.GetProperty("optimizer").GetString(), Does.StartWith(recipe == "later-code" ? "Adam(" : "Sgd("));
        Assert.That(network.GetProperty("schedule").GetString(), Does.StartWith("ExponentialDecay("));
        Assert.That(
            network.GetProperty("rateScaling").GetString(),
            Is.EqualTo(binarizer == "none" ? "none" : recipe == "later-code" ? "inverse-glorot" : "inverse-glorot-squared"));
        Assert.That(epochs.GetArrayLength(), Is.EqualTo(2));
        Assert.That(
            epochs[1].GetProperty("testError").GetDouble(),
            Is.EqualTo(1 - last.GetProperty("testAccuracy").GetDouble()).Within(1e-12));

        string[] lines = File.ReadAllLines(log);
        Assert.That(lines[0], Is.EqualTo(
            "epoch,step,learning_rate,training_loss,validation_loss,validation_error,best_epoch,test_loss,test_error,seconds"));
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(
            lines[2],
            Does.StartWith($"2,{steps},").And.Match($@",{epochs[1].GetProperty("testError").GetRawText()},\d+\.\d\d\d$"));
    }

    [Test]
    public async Task A_report_or_a_log_named_minus_is_all_that_the_output_has()
    {
        using var folder = new TemporaryFolder();
        string log = folder.PathOf("log.csv"), report = folder.PathOf("report.json");

        (int reportCode, string reportOutput, string reportError) = await Train("--epochs", "1", "--json", "-", "--csv", log);
        (int logCode, string logOutput, string logError) = await Train("--epochs", "1", "--csv", "-", "--json", report);

        Assert.That((reportCode, logCode), Is.EqualTo((0, 0)));
        Assert.That(Timeless(reportOutput), Is.EqualTo(Timeless(File.ReadAllText(report))));
        Assert.That(Columns(logOutput), Is.EqualTo(Columns(File.ReadAllText(log))));
        Assert.That(reportError, Does.Contain("validation error").And.Contain("Completed after 1 epoch"));
        Assert.That(logError, Does.Contain("validation error").And.Contain("Completed after 1 epoch"));
        Assert.That(File.Exists("-"), Is.False);
    }

    private static string Timeless(string report) => Regex.Replace(report, "\"seconds\": [0-9.E-]+", "").Trim();

    // Without the seconds, which no two runs share.
    private static IEnumerable<string> Columns(string log) =>
        log.Split('\n').Select(line => line[..Math.Max(line.LastIndexOf(','), 0)]);

    [Test]
    public async Task Optimizer_rates_and_their_scaling_may_be_others()
    {
        (int exitCode, string output, string error) = await Train(
            "--epochs", "2", "--optimizer", "nesterov", "--learning-rate", "0.02:0.004", "--rate-scaling", "none");

        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output.ReplaceLineEndings("\n"), Does.Match(@"\n +1/2 +0\.02 .*\n +2/2 +0\.004 "));
    }

    [Test]
    public async Task The_same_seed_gives_the_same_figures_on_any_number_of_threads_and_another_one_others()
    {
        string Figures(string output) =>
            output[output.IndexOf("Best validation", StringComparison.Ordinal)..];
        string first = Figures((await Train("--epochs", "1", "--threads", "1")).Output);
        string second = Figures((await Train("--epochs", "1", "--threads", "2")).Output);
        string other = Figures((await Train("--epochs", "1", "--seed", "8")).Output);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    // Small enough for an epoch to take a moment.
    private static Task<(int ExitCode, string Output, string Error)> Train(params string[] arguments)
    {
        string[] seed = arguments.Contains("--seed") ? [] : ["--seed", "7"];
        return Run(["--hidden", "16x2", "--data", MnistData.Folder, .. seed, .. arguments]);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.RunAsync(["mlp", .. arguments], output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
