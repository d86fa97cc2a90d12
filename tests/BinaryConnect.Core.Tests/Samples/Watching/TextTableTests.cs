using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist.Watching;

namespace BinaryConnect.Tests.Samples.Watching;

internal sealed class TextTableTests
{
    private readonly StringWriter _output = new();

    [Test]
    public void Texts_stand_left_and_numbers_right()
    {
        new TextTable("name", "+number", "rest").Add("a", "1", "x").Add("longer", "1,000,000", "").Write(_output);

        Assert.That(Lines(), Is.EqualTo(new[]
        {
            "name       number  rest",
            "a               1  x",
            "longer  1,000,000",
        }));
    }

    [Test]
    public void The_papers_network_fits_80_columns_and_no_number_is_broken()
    {
        var network = new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = 784,
            HiddenUnits = [1024, 1024, 1024],
            Classes = 10,
        });

        LayerTable.Write(_output, network.Summary());

        string[] lines = Lines();
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(Terminal.PlainWidth));
        Assert.That(
            lines,
            Has.One.Match(@"^layer2  binary dense +1024 -> 1024  1,048,576 +0 +4,194,304  131,072$")
                .And.One.Match(@"^total +2,910,208   6,164  11,690,144  388,432$"));
    }

    private string[] Lines() => _output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
