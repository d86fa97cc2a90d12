using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>Recipes for microcontrollers: small images, and what their models are used for.</summary>
internal sealed class SmallRecipeTests
{
    [Test]
    public void A_small_pixel_is_the_mean_of_its_area()
    {
        byte[] image = new byte[784];
        image[4 * 28 + 4] = 10;
        image[5 * 28 + 5] = 12;
        image[23 * 28 + 23] = 255;
        image[3 * 28 + 4] = 200;
        var images = Dataset.FromBytes(image, new int[1], 784, 2);

        byte[] half = Pixels.Of(SmallImages.Of(images, 10)), part = Pixels.Of(SmallImages.Of(images, 16));

        Assert.That(half[0], Is.EqualTo(6), "22 / 4, and a half is rounded up");
        Assert.That(half[99], Is.EqualTo(64), "255 / 4");
        Assert.That(half[1..99], Is.All.Zero);
        Assert.That(part[0], Is.EqualTo(7), "(10 + 12 / 16) / 1.25²");
    }

    [TestCase(784, ExpectedResult = 784)]
    [TestCase(100, ExpectedResult = 100)]
    [TestCase(99, ExpectedResult = 784)]
    [TestCase(49, ExpectedResult = 784)]
    [TestCase(441, ExpectedResult = 784)]
    public int Images_become_small_for_square_numbers_of_inputs(int features) =>
        SmallImages.For(features, MnistData.Tutorial.Test.Take(2)).FeatureCount;

    [Test]
    public async Task A_tiny_network_is_trained_evaluated_and_exported_without_floating_point()
    {
        using var folder = new TemporaryFolder();
        string packed = folder.PathOf("digits.packed"), data = MnistData.Folder;

        await SampleCommand.Succeed(
            "train", "--recipe", "tiny", "--steps", "300", "--data", data, "--pack", packed, "--seed", "1");
        string evaluated = await SampleCommand.Succeed("evaluate", packed, "--data", data);
        string exported = await SampleCommand.Succeed(
            "export", packed, folder.Path, "--to", "c", "--data", data, "--vectors", "20");
        string predicted = await SampleCommand.Succeed("predict", packed, Path.Combine(data, "t10k-images-idx3-ubyte.gz"));

        PackedModel model = PackedModel.Load(packed);
        Assert.That(model, Has.Property("FeatureCount").EqualTo(100).And.Property("ActivationBits").EqualTo(8));
        Assert.That(model.Layers.Select(layer => layer.Outputs), Is.EqualTo(new[] { 80, 10 }));
        Assert.That(exported, Does.Contain(": 1,100 bytes of weights, ").And.EndWith(", no floating point\n"));
        Assert.That(File.ReadAllText(folder.PathOf("digits_test.c")), Does.Contain("vectors[2000] FLASH"));
        int correct = predicted.Split('\n').Zip(MnistData.Tutorial.Test.Labels.ToArray())
            .Count(pair => pair.First == $"{pair.Second}");
        Assert.That(correct, Is.GreaterThan(8_500));
        Assert.That(evaluated, Does.Contain($"{correct:N0} of 10,000 test images are classified as labelled\n"));
    }
}
