using BinaryConnect.Samples.Mnist.Watching;

namespace BinaryConnect.Tests.Samples.Watching;

internal sealed class SparklineTests
{
    [Test]
    public void Its_heights_go_from_the_least_to_the_largest_value() =>
        Assert.That(Sparkline.Of([1, 2, 3, 4, 5], 10, isUnicode: true), Is.EqualTo("▁▃▅▆█"));

    [Test]
    public void It_has_the_last_values_and_their_range() =>
        Assert.That(Sparkline.Of([0.1, 0.8, 0.9, 0.8], 3, isUnicode: true), Is.EqualTo("▁█▁"));

    [Test]
    public void Without_blocks_it_has_letters() => Assert.That(Sparkline.Of([0, 1], 3, isUnicode: false), Is.EqualTo("_@"));

    [TestCase("")]
    [TestCase("▁▁", 0.5, 0.5)]
    public void Equal_values_and_none_have_no_height(string expected, params double[] values) =>
        Assert.That(Sparkline.Of(values, 5, isUnicode: true), Is.EqualTo(expected));
}
