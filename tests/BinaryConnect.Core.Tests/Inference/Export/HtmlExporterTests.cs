using BinaryConnect.Inference;
using BinaryConnect.Inference.Export.Html;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference.Export;

/// <summary>The text of a page, its file, and the models that are refused.</summary>
internal sealed class HtmlExporterTests
{
    private const int MostBytes = 25 * 1024;

    private static readonly PackedModel Logistic = Untrained(784);

    [Test]
    public void The_page_of_a_logistic_model_is_small_and_asks_for_nothing()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("digits.html");

        HtmlExporter.Write(Logistic, file);

        string page = File.ReadAllText(file);
        Assert.That(new FileInfo(file).Length, Is.AtMost(MostBytes));
        Assert.That(page, Is.EqualTo(HtmlExporter.Create(Logistic)));
        Assert.That(page, Does.Contain("default-src 'none'").And.Contain("aria-live").And.Contain("function predict(image)"));
        Assert.That(page, Does.Contain(Convert.ToBase64String(Logistic.Layers[0].SignBits.Span)));
        Assert.That(page, Does.Not.Contain("http://").And.Not.Contain("https://"));
        foreach (string place in new[] { "/*style*/", "/*script*/", "/*model*/" }) Assert.That(page, Does.Not.Contain(place));
    }

    [Test]
    public void Class_names_cannot_end_the_script()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"</script>{i}")];
        var named = new PackedModel(Logistic.InputShape, 1, 0, Logistic.Layers, names);

        Assert.That(HtmlExporter.Create(named), Does.Not.Contain("</script>0").And.Contain(@"\u003C/script\u003E0"));
    }

    [Test]
    public void Other_models_are_refused()
    {
        var network = new MultilayerPerceptron(new() { Features = 784, HiddenUnits = [8], Classes = 10 });
        PackedModel bytes = ModelPacker.PackActivations(ModelPacker.Pack(network), MnistData.Tutorial.Validation).Model;

        Assert.That(() => HtmlExporter.Create(null!), Throws.ArgumentNullException);
        Assert.That(
            () => HtmlExporter.Create(Untrained(6)),
            Throws.ArgumentException.With.Message.EqualTo(
                "'model' has 6 features; for a page it must have 784, the pixels of 28 x 28. (Parameter 'model')"));
        Assert.That(
            () => HtmlExporter.Create(bytes),
            Throws.ArgumentException.With.Message.EqualTo(
                "Packed layer 1 takes activations of 8 bits; for a page it must take floats or signs. "
                + "Export the model that 'PackActivations' took."));
    }

    private static PackedModel Untrained(int features) =>
        ModelPacker.Pack(new LogisticModel(new() { Features = features, Classes = 10, InitialMinimum = -1, Seed = 1 }));
}
