using BinaryConnect.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BinaryConnect.Onnx.Tests;

/// <summary>The files of the exporter, and what it refuses.</summary>
internal sealed class OnnxExporterTests
{
    [Test]
    public void One_bit_a_weight_makes_a_file_as_small_as_a_packed_model()
    {
        var random = new Random(1);
        PackedModel model = SmallModels.Of(
            SmallModels.Signs(784, 1024, random, low: 0),
            SmallModels.Signs(1024, 1024, random, low: 0),
            SmallModels.Signs(1024, 1024, random, low: 0),
            SmallModels.Signs(1024, 10, random));
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("digits.onnx"), packed = folder.PathOf("digits.packed");
        model.SaveOnnx(file);
        model.Save(packed);

        Assert.That(new FileInfo(file).Length, Is.AtMost(400_000).And.AtMost(new FileInfo(packed).Length + 5_000));
        using var session = new InferenceSession(file);
        Assert.That(session.InputMetadata["input"].Dimensions, Is.EqualTo(new[] { -1, 784 }));
    }

    [Test]
    public void The_file_says_what_goes_in_and_out()
    {
        using var run = new OnnxRun(TrainedModels.Of("logistic"));
        ModelMetadata metadata = run.Session.ModelMetadata;
        Dictionary<string, string> expected = new() { ["input"] = "784", ["input_scale"] = "0.003921569", ["input_shift"] = "0" };
        for (int i = 0; i < TestImages.Classes; i++) expected[$"class.{i}"] = $"digit {i}";

        Assert.That(metadata.CustomMetadataMap, Is.EquivalentTo(expected));
        Assert.That(metadata.ProducerName, Is.EqualTo("BinaryConnect.Onnx"));
        Assert.That(run.Session.InputMetadata.Single().Key, Is.EqualTo("input"));
        Assert.That(run.Session.InputMetadata["input"].ElementType, Is.EqualTo(typeof(byte)));
        Assert.That(run.Session.OutputMetadata["scores"].Dimensions, Is.EqualTo(new[] { -1, TestImages.Classes }));
        Assert.That(run.Session.OutputMetadata["class"].ElementType, Is.EqualTo(typeof(long)));
    }

    [Test]
    public void A_graph_takes_bytes_unless_the_features_were_floats()
    {
        var random = new Random(1);
        PackedModel bytes = SmallModels.Of(SmallModels.Signs(5, 3, random));
        var floats = new PackedModel(bytes.InputShape, 1, 0, bytes.Layers);
        using OnnxRun ofBytes = new(bytes), ofFloats = new(floats);

        Assert.That(ofBytes.Session.InputMetadata["input"].ElementType, Is.EqualTo(typeof(byte)));
        Assert.That(ofFloats.Session.InputMetadata["input"].ElementType, Is.EqualTo(typeof(float)));
    }

    [Test]
    public void A_stream_stays_open_and_has_the_bytes_of_the_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("model.onnx");
        using var stream = new MemoryStream();
        TrainedModels.Of("logistic").SaveOnnx(file);
        TrainedModels.Of("logistic").SaveOnnx(stream);

        Assert.That(stream.ToArray(), Is.EqualTo(File.ReadAllBytes(file)));
    }

    [Test]
    public void Activations_of_8_bits_are_refused_for_qonnx_and_the_file_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("model.onnx", [1, 2, 3]);
        var options = new OnnxExportOptions { Form = OnnxForm.Qonnx };

        Assert.That(
            () => TrainedModels.Of("bytes").SaveOnnx(file, options),
            Throws.ArgumentException.With.Message.EqualTo(
                "Packed layer 1 takes activations of 8 bits; for QONNX it must take floats or signs. "
                + "Export the model that 'PackActivations' took, or another form."));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Weights_beyond_the_greatest_file_are_refused_where_they_are_floats()
    {
        PackedModel model = SmallModels.Of(SmallModels.Signs(20_000, 14_000, new Random(1)));

        Assert.That(
            () => model.SaveOnnx(Stream.Null, new OnnxExportOptions { Form = OnnxForm.Floats }),
            Throws.ArgumentException.With.Message.EqualTo(
                "The weights to packed layer 0 have 1,120,000,000 bytes in this form; they must have at most 1,073,741,824."));
        Assert.That(() => model.SaveOnnx(Stream.Null), Throws.Nothing);
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        PackedModel model = TrainedModels.Of("logistic");
        using var folder = new TemporaryFolder();

        Assert.That(() => ((PackedModel)null!).SaveOnnx(Stream.Null), Throws.ArgumentNullException);
        Assert.That(() => model.SaveOnnx((Stream)null!), Throws.ArgumentNullException);
        Assert.That(() => model.SaveOnnx(""), Throws.ArgumentException);
        Assert.That(
            () => model.SaveOnnx(Stream.Null, new OnnxExportOptions { Form = (OnnxForm)3 }),
            Throws.ArgumentException.With.Message.StartsWith("'Form' is 3; it must be Bits, Floats or Qonnx."));
        Assert.That(
            () => model.SaveOnnx(Stream.Null, new OnnxExportOptions { Input = (OnnxInput)2 }),
            Throws.ArgumentException.With.Message.StartsWith("'Input' is 2; it must be Features or Bytes."));
        Assert.That(
            () => model.SaveOnnx(folder.PathOf("missing/model.onnx")),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("missing'; it must exist."));
    }
}
