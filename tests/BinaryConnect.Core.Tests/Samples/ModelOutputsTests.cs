using System.Globalization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

internal sealed class ModelOutputsTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase("", "best", "deterministic", "inference")]
    [TestCase("train", "best", "deterministic", "inference")]
    [TestCase("train", "tutorial", "deterministic", "inference")]
    [TestCase("train", "tutorial", "none", "latent")]
    public async Task A_run_saves_and_packs_its_model_with_facts(string command, string recipe, string binarizer, string weights)
    {
        string saved = _folder.PathOf("digits.safetensors"), packed = _folder.PathOf("digits.packed");
        string[] words = command.Length == 0 ? [] : [command];

        string output = await SampleCommand.Succeed(
            [.. words, "--recipe", recipe, "--binarizer", binarizer, "--steps", "300", "--seed", "5", "--data", MnistData.Folder,
                "--save", saved, "--pack", packed]);

        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(saved);
        double accuracy = double.Parse(texts["note.test_accuracy"], CultureInfo.InvariantCulture);
        Assert.That(accuracy, Is.InRange(0.6, 0.95));
        Assert.That(texts["note.weights"], Is.EqualTo(weights));
        Assert.That(texts["note.recipe"], Is.EqualTo(recipe));
        Assert.That(texts["note.binarizer"], Is.EqualTo(binarizer));
        Assert.That(texts["note.seed"], Is.EqualTo("5"));
        Assert.That(texts["note.steps"], Is.EqualTo("300"));
        Assert.That(texts["note.stop_reason"], Is.EqualTo("completed"));
        string with = weights == "latent" ? @"latent weights \(real\)" : @"inference weights \(signs\)";
        Assert.That(output, Does.Match($@"\nSaved in {saved}: [\d,]+ bytes, test accuracy {accuracy:F4} with {with}\n"));
        Assert.That(output, Does.Match($@"\nPacked in {packed}: [\d,]+ bytes, test accuracy 0\.\d+ with {with}\n$"));

        // Its file gives back the same model, and packing changes no class but in a tie of rounding.
        Assert.That(SavedModel.Open(saved).AccuracyOn(TestSet), Is.EqualTo(accuracy));
        Assert.That(SavedModel.Open(packed).AccuracyOn(TestSet), Is.EqualTo(accuracy).Within(2e-4));
        int bytes = weights == "latent" ? 31_400 : 10 * 98 + 80;
        Assert.That(PackedModel.Load(packed).Bytes, Is.InRange(bytes, bytes + 40));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(2), "nothing is left aside");
    }

    [Test]
    public async Task The_best_recipes_final_accuracy_is_that_of_its_file()
    {
        string saved = _folder.PathOf("digits.safetensors");

        string output = await SampleCommand.Succeed(
            "--recipe", "best", "--steps", "500", "--data", MnistData.Folder, "--save", saved);

        const string End =
            @"Final test loss [\d.]+, test accuracy (0\.\d{4})\nSaved in .* accuracy \1 with inference weights \(signs\)\n$";
        Assert.That(output, Does.Match(End));
    }

    [TestCase("deterministic", "inference")]
    [TestCase("stochastic", "latent")]
    public async Task A_network_is_saved_as_it_was_at_its_best_epoch(string binarizer, string weights)
    {
        string saved = _folder.PathOf("net.safetensors"), packed = _folder.PathOf("net.packed");

        string output = await SampleCommand.Succeed(
            "mlp", "--hidden", "16", "--epochs", "3", "--binarizer", binarizer, "--learning-rate", "0.1:0.6", "--data",
            MnistData.Folder, "--save", saved, "--pack", packed);

        IReadOnlyDictionary<string, string> texts = ModelFile.Inspect(saved);
        Assert.That(texts["note.epochs"], Is.EqualTo("3"));
        Assert.That(texts["note.best_epoch"], Is.AnyOf("1", "2", "3"));
        Assert.That(texts["note.weights"], Is.EqualTo(weights));
        double accuracy = double.Parse(texts["note.test_accuracy"], CultureInfo.InvariantCulture);
        Assert.That(output, Does.Contain($"Test error there {100 * (1 - accuracy):F2} %, with"));
        Assert.That(SavedModel.Open(packed).AccuracyOn(TestSet), Is.EqualTo(accuracy).Within(2e-3));
    }

    [TestCase("--save")]
    [TestCase("--pack")]
    public async Task A_folder_that_is_missing_is_refused_before_training(string option)
    {
        string file = _folder.PathOf("missing/digits.safetensors");

        string error = await SampleCommand.Refuse(option, file);

        Assert.That(error, Is.EqualTo($"'{option}' is '{file}'; its folder '{_folder.PathOf("missing")}' does not exist."));
    }

    [TestCase("train", "--save")]
    [TestCase("train", "--pack")]
    [TestCase("mlp", "--pack")]
    [Platform("Linux", Reason = "devices are files there")]
    public async Task A_device_is_refused_before_training(string command, string option)
    {
        string error = await SampleCommand.Refuse(command, option, "/dev/null");

        Assert.That(
            error,
            Is.EqualTo("'/dev/null' is a device or a pipe; it must be a regular file that can be replaced, or not be there."));
    }

    [TestCase("mlp", "--checkpoint", "--pack")]
    [TestCase("mlp", "--json", "--save")]
    [TestCase("train", "--json", "--save")]
    [TestCase("train", "--pack", "--save")]
    public async Task Two_options_with_one_file_are_refused(string command, string first, string second)
    {
        string file = _folder.PathOf("one");

        string error = await SampleCommand.Refuse(command, first, file, second, Path.Combine(_folder.Path, ".", "one"));

        Assert.That(error, Does.Match($"^'--[a-z]+' and '--[a-z]+' are both '.*one'; each must have a file of its own\\.$"));
        Assert.That(error, Does.Contain($"'{first}'").And.Contain($"'{second}'"));
    }

    [Test]
    public async Task Options_before_a_command_are_refused()
    {
        string error = await SampleCommand.Refuse("--steps", "3", "train");

        Assert.That(error, Is.EqualTo("'--steps' stands before 'train'; it must stand after it."));
    }

    private static Dataset TestSet => MnistData.Tutorial.Test;
}
