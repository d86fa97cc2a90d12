using BinaryConnect.Files;

namespace BinaryConnect.Tests.Files;

internal sealed class ShapeTests
{
    [TestCase(new long[] { }, 1)]
    [TestCase(new long[] { 5 }, 5)]
    [TestCase(new long[] { 2, 3, 4 }, 24)]
    [TestCase(new long[] { 0, long.MaxValue, long.MaxValue }, 0)]
    [TestCase(new long[] { long.MaxValue }, long.MaxValue)]
    [TestCase(new long[] { 1L << 31, (1L << 31) - 1, 2 }, ((1L << 62) - (1L << 31)) * 2)]
    public void Count_is_the_product_of_all_sizes(long[] shape, long expected)
    {
        Assert.That(Shape.TryCount(shape, out long count), Is.True);
        Assert.That(count, Is.EqualTo(expected));
    }

    [TestCase(new[] { 1L << 62, 2 })]
    [TestCase(new[] { 1L << 32, 1L << 32 })]
    [TestCase(new[] { long.MaxValue, long.MaxValue, 0 })]
    [TestCase(new[] { long.MaxValue, 2 })]
    [TestCase(new[] { 1L << 60, 1L << 60, 1L << 60, 1L << 60 })]
    public void A_product_beyond_a_long_is_told(long[] shape) => Assert.That(Shape.TryCount(shape, out _), Is.False);

    [Test]
    public void Text_is_as_files_have_it()
    {
        Assert.That(Shape.Text([]), Is.EqualTo("[]"));
        Assert.That(Shape.Text([2, 3000]), Is.EqualTo("[2, 3000]"));
    }
}
