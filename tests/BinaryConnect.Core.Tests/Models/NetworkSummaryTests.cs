using System.Globalization;
using BinaryConnect.Models;

namespace BinaryConnect.Tests.Models;

internal sealed class NetworkSummaryTests
{
    private const string Table = """
        layer    kind                           shape         1-bit       32-bit   multiply-adds   latent bytes   packed bytes
        layer1   binary dense             784 -> 1024       802,816            0         802,816      3,211,264        100,352
        layer1   batch normalization             1024             0        2,048           1,024         16,384          8,192
        layer1   relu                            1024             0            0               0              0              0
        layer2   binary dense              1024 -> 10        10,240            0          10,240         40,960          1,280
        layer2   batch normalization               10             0           20              10            160             80
        total                                               813,056        2,068         814,090      3,268,768        109,904
        """;

    [Test]
    public void The_papers_network_has_2910208_weights()
    {
        NetworkSummary summary = Summary(new() { Features = 784, HiddenUnits = [1024, 1024, 1024], Classes = 10 });

        Assert.That(summary.OneBitParameters, Is.EqualTo(2_910_208));
        Assert.That(summary.RealParameters, Is.EqualTo(2 * 3_082));
        Assert.That(summary.MultiplyAdds, Is.EqualTo(2_910_208 + 3_082));
        Assert.That(summary.LatentBytes, Is.EqualTo(4 * 2_910_208 + 16 * 3_082));
        Assert.That(summary.PackedBytes, Is.EqualTo(2_910_208 / 8 + 8 * 3_082));
    }

    [Test]
    public void Every_layer_has_its_row()
    {
        NetworkSummary summary = Summary(
            new() { Features = 12, HiddenUnits = [16], Classes = 5, InputDropout = 0.2f, HiddenDropout = 0.5f });

        Assert.That(summary.Layers, Is.EqualTo(new LayerSummary[]
        {
            new("input", "dropout", 12, 12, 0, 0, 0, 0, 0),
            new("layer1", "binary dense", 12, 16, 192, 0, 192, 768, 16 * 2),
            new("layer1", "batch normalization", 16, 16, 0, 32, 16, 256, 128),
            new("layer1", "relu", 16, 16, 0, 0, 0, 0, 0),
            new("layer1", "dropout", 16, 16, 0, 0, 0, 0, 0),
            new("layer2", "binary dense", 16, 5, 80, 0, 80, 320, 5 * 2),
            new("layer2", "batch normalization", 5, 5, 0, 10, 5, 80, 40),
        }));
    }

    [Test]
    public void Biases_are_real_parameters_and_add_without_a_product()
    {
        NetworkSummary summary = Summary(
            new() { Features = 12, HiddenUnits = [], Classes = 5, Normalization = Normalization.None });

        Assert.That(
            summary.Layers, Is.EqualTo(new LayerSummary[] { new("layer1", "binary dense", 12, 5, 60, 5, 60, 260, 5 * 2 + 20) }));
    }

    [Test]
    public void Its_text_is_a_table_with_totals_in_any_culture()
    {
        NetworkSummary summary = Summary(new() { Features = 784, HiddenUnits = [1024], Classes = 10 });
        CultureInfo before = CultureInfo.CurrentCulture, other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberGroupSeparator = ".";
        CultureInfo.CurrentCulture = other;

        string text = summary.ToString();

        CultureInfo.CurrentCulture = before;
        Assert.That(text.ReplaceLineEndings("\n").Split('\n'), Is.EqualTo(Table.ReplaceLineEndings("\n").Split('\n')));
    }

    private static NetworkSummary Summary(MultilayerPerceptronOptions options) => new MultilayerPerceptron(options).Summary();
}
