using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class FeatureShapeTests
{
    private const int Most = 2_147_418_112;

    [Test]
    public void A_vector_is_one_pixel_of_all_channels()
    {
        var shape = new FeatureShape(784);

        Assert.That((shape.Height, shape.Width, shape.Channels, shape.Length), Is.EqualTo((1, 1, 784, 784)));
        Assert.That(shape, Is.EqualTo(new FeatureShape(1, 1, 784)));
        Assert.That(shape, Is.Not.EqualTo(new FeatureShape(28, 28, 1)));
        Assert.That(new FeatureShape(28, 28, 3).Length, Is.EqualTo(28 * 28 * 3));
    }

    [TestCase(1, 1, 1, ExpectedResult = "1")]
    [TestCase(1, 1, 12345, ExpectedResult = "12345")]
    [TestCase(28, 28, 1, ExpectedResult = "28x28x1")]
    [TestCase(1, 2, 3, ExpectedResult = "1x2x3")]
    [TestCase(1000, 1, 1, ExpectedResult = "1000x1x1")]
    public string Text_is_that_of_a_vector_or_an_image_in_any_culture(int height, int width, int channels)
    {
        string text = "";
        InCulture.Run(() => text = new FeatureShape(height, width, channels).ToString());
        return text;
    }

    [Test]
    public void The_default_has_no_values() => Assert.That(default(FeatureShape).Length, Is.Zero);

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MinValue)]
    [TestCase(Most + 1)]
    [TestCase(int.MaxValue)]
    public void A_vector_out_of_range_is_refused(int length) =>
        Assert.That(
            () => new FeatureShape(length),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("'length'"));

    [TestCase(0, 1, 1, "'height'")]
    [TestCase(1, -5, 1, "'width'")]
    [TestCase(1, 1, 0, "'channels'")]
    [TestCase(0, 0, 0, "'height'")]
    public void A_size_below_one_is_refused(int height, int width, int channels, string name) =>
        Assert.That(
            () => new FeatureShape(height, width, channels),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(name));

    // The last two have products that are in range where they overflow 32 bits.
    [TestCase(1, 1, Most + 1)]
    [TestCase(int.MaxValue, 1, 1)]
    [TestCase(1 << 16, 1 << 15, 1)]
    [TestCase(1 << 16, 1 << 16, 5)]
    [TestCase(1 << 11, 1 << 11, (1 << 11) + 1)]
    public void Too_many_values_are_refused(int height, int width, int channels) =>
        Assert.That(() => new FeatureShape(height, width, channels), Throws.ArgumentException);

    [Test]
    public void The_largest_shapes_are_taken()
    {
        Assert.That(new FeatureShape(Most).Length, Is.EqualTo(Most));
        Assert.That(new FeatureShape(1, 1, Most).Length, Is.EqualTo(Most));
        Assert.That(new FeatureShape(Most, 1, 1).Length, Is.EqualTo(Most));
    }
}
