using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Inference;

/// <summary>docs/read_packed.py, which relies on the file format alone, gives the classes of the library.</summary>
internal sealed class PackedPythonTests
{
    [TestCase(null, 32)]
    [TestCase(Activation.Relu, 32)]
    [TestCase(Activation.Relu, 8)]
    [TestCase(Activation.Sign, 1)]
    public void Python_gives_every_test_image_the_same_class(Activation? activation, int activationBits)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.safetensors"), images = folder.PathOf("images");
        Dataset test = MnistData.Tutorial.Test;
        byte[] bytes = new byte[test.Count * test.FeatureCount];
        float[] row = new float[test.FeatureCount];
        for (int i = 0; i < test.Count; i++)
        {
            test.CopyRow(i, row);
            for (int k = 0; k < row.Length; k++) bytes[i * row.Length + k] = (byte)MathF.Round(row[k] * 255);
        }

        File.WriteAllBytes(images, bytes);
        PackedModel packed = Trained(activation);
        if (activationBits == 8) packed = ModelPacker.PackActivations(packed, MnistData.Tutorial.Validation).Model;
        Assert.That(packed.ActivationBits, Is.EqualTo(activationBits));
        packed.Save(path);
        int[] classes = new int[test.Count];
        packed.Predict(bytes, classes);
        CheckRoundTrip(packed, PackedModel.Load(path), bytes);

        string python = Python.With("numpy");
        string output = Command.Succeed(folder.Path, python, Repository.PathOf("docs", "read_packed.py"), path, images);

        Assert.That(output.Split(' ').Select(int.Parse), Is.EqualTo(classes));
        Assert.That(classes.Distinct().Count(), Is.EqualTo(10));
    }

    [Test]
    public void The_reader_finds_the_classes_of_standardized_bytes()
    {
        using var folder = new TemporaryFolder();
        string python = Python.With("numpy"), path = folder.PathOf("model.safetensors"), rows = folder.PathOf("rows");
        Dataset raw = SmallData.Bytes(60).WithClassNames("red", "green", "blue");
        var standardization = Standardization.Fit(raw);
        var network = new Sequential(
            new FeatureShape(SmallData.Features), 1,
            [new BinaryDense(20), new BatchNorm(), new Relu(), new BinaryDense(SmallData.Classes), new BatchNorm()]);
        new Trainer(new TrainerOptions { BatchSize = 20, MaxSteps = 100 }).Fit(network, standardization.Apply(raw));
        PackedModel packed = ModelPacker.Pack(network, ModelFacts.Of(raw, standardization));
        packed.Save(path);
        byte[] bytes = raw.Bytes.ToArray();
        File.WriteAllBytes(rows, bytes);
        int[] classes = new int[raw.Count], fromBytes = new int[raw.Count];
        network.Predict(standardization.Apply(raw), classes);
        packed.Predict(bytes, fromBytes);

        string output = Command.Succeed(folder.Path, python, Repository.PathOf("docs", "read_packed.py"), path, rows);

        Assert.That(output.Split(' ').Select(int.Parse), Is.EqualTo(classes));
        Assert.That(fromBytes, Is.EqualTo(classes));
        Assert.That(classes.Distinct().Count(), Is.EqualTo(3));
    }

    private static void CheckRoundTrip(PackedModel packed, PackedModel loaded, byte[] bytes)
    {
        float[] x = Array.ConvertAll(bytes, value => value / 255f);
        float[] expected = new float[MnistData.Tutorial.Test.Count * 10], scores = new float[expected.Length];
        packed.Scores(bytes, expected);
        loaded.Scores(bytes, scores);
        Assert.That(scores.AsSpan().SequenceEqual(expected), "The loaded model gives other scores for bytes.");
        packed.Scores(x, expected);
        loaded.Scores(x, scores);
        Assert.That(scores.AsSpan().SequenceEqual(expected), "The loaded model gives other scores for floats.");
    }

    // The network, the network from its own file and the packed form must give the same classes, too.
    private static PackedModel Trained(Activation? activation)
    {
        Sequential model = activation is { } hidden
            ? new MultilayerPerceptron(new() { Features = 784, HiddenUnits = [256, 256], Classes = 10, Activation = hidden })
            : new LogisticModel(784, 10, seed: 1);
        new Trainer(new TrainerOptions { MaxSteps = 200, RecomputeStatistics = true })
            .Fit(model, MnistData.Tutorial.Train, MnistData.Tutorial.Test);
        PackedModel packed = ModelPacker.Pack(model);
        int[] classes = new int[MnistData.Tutorial.Test.Count], ofFile = new int[classes.Length];
        model.Binarize(new DeterministicBinarizer(), forInference: true);
        model.Predict(MnistData.Tutorial.Test, classes);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        ModelFile.Load(stream).Predict(MnistData.Tutorial.Test, ofFile);
        Assert.That(ofFile, Is.EqualTo(classes));
        float[] row = new float[784];
        for (int i = 0; i < classes.Length; i++)
        {
            MnistData.Tutorial.Test.CopyRow(i, row);
            Assert.That(packed.Predict(row), Is.EqualTo(classes[i]), $"image {i}");
        }

        return packed;
    }
}
