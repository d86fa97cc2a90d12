using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference;

/// <summary>docs/read_packed.py, which relies on the file format alone, gives the classes of the library.</summary>
internal sealed class PackedPythonTests
{
    [Test]
    public void Python_gives_every_test_image_the_same_class([Values] bool isLogistic, [Values] bool hasByteActivations)
    {
        using var folder = new TemporaryFolder();
        string python = NumPy.Find(), path = folder.PathOf("model.safetensors"), images = folder.PathOf("images");
        Dataset test = MnistData.Tutorial.Test;
        byte[] bytes = new byte[test.Count * test.FeatureCount];
        float[] row = new float[test.FeatureCount];
        for (int i = 0; i < test.Count; i++)
        {
            test.CopyRow(i, row);
            for (int k = 0; k < row.Length; k++) bytes[i * row.Length + k] = (byte)MathF.Round(row[k] * 255);
        }

        File.WriteAllBytes(images, bytes);
        PackedModel packed = Trained(isLogistic);
        if (hasByteActivations) packed = ModelPacker.PackActivations(packed, MnistData.Tutorial.Validation).Model;
        packed.Save(path);
        int[] classes = new int[test.Count];
        packed.Predict(bytes, classes);

        string output = Command.Succeed(folder.Path, python, Repository.PathOf("docs", "read_packed.py"), path, images);

        Assert.That(output.Split(' ').Select(int.Parse), Is.EqualTo(classes));
        Assert.That(classes.Distinct().Count(), Is.EqualTo(10));
    }

    // The network and its packed form must give the same classes, too.
    private static PackedModel Trained(bool isLogistic)
    {
        Sequential model = isLogistic
            ? new LogisticModel(784, 10, seed: 1)
            : new MultilayerPerceptron(new() { Features = 784, HiddenUnits = [100, 90], Classes = 10 });
        new Trainer(new TrainerOptions { MaxSteps = 200, RecomputeStatistics = true })
            .Fit(model, MnistData.Tutorial.Train, MnistData.Tutorial.Test);
        PackedModel packed = ModelPacker.Pack(model);
        int[] classes = new int[MnistData.Tutorial.Test.Count];
        model.Predict(MnistData.Tutorial.Test, classes);
        float[] row = new float[784];
        for (int i = 0; i < classes.Length; i++)
        {
            MnistData.Tutorial.Test.CopyRow(i, row);
            Assert.That(packed.Predict(row), Is.EqualTo(classes[i]), $"image {i}");
        }

        return packed;
    }
}
