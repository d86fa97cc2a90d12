using BinaryConnect.Data;
using BinaryConnect.Samples.Browser;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Browser;

/// <summary>Drawings become images as those of MNIST.</summary>
internal sealed class DrawnDigitTests
{
    private const int Side = 280;

    private static readonly Lazy<ReadOnlyMemory<byte>> Images = new(
        () => IdxReader.Read(Path.Combine(MnistData.Folder, "t10k-images-idx3-ubyte.gz")).Values);

    [Test]
    public void A_blank_drawing_is_a_blank_image() =>
        Assert.That(DrawnDigit.ToImage(new byte[Side * Side], Side), Is.EqualTo(new byte[784]));

    [TestCase(0, 0)]
    [TestCase(7, 91)]
    [TestCase(100, 60)]
    public void A_square_fills_the_box_of_20_pixels_wherever_it_is(int left, int top)
    {
        byte[] drawing = Rectangle(left, top, width: 120, height: 120);

        byte[] image = DrawnDigit.ToImage(drawing, Side);

        for (int y = 0; y < 28; y++)
        {
            for (int x = 0; x < 28; x++)
            {
                bool isInside = x is >= 4 and < 24 && y is >= 4 and < 24;
                Assert.That(image[y * 28 + x], Is.EqualTo(isInside ? 255 : 0), $"x {x}, y {y}");
            }
        }
    }

    [Test]
    public void The_longer_side_decides_and_the_centre_of_mass_is_in_the_middle()
    {
        // 10 drawn pixels for one of the image: a bar of 2 x 20 pixels.
        byte[] image = DrawnDigit.ToImage(Rectangle(30, 50, width: 20, height: 200), Side);

        int[] inked = [.. Enumerable.Range(0, 784).Where(i => image[i] > 0)];
        Assert.That(inked, Has.Length.EqualTo(40));
        Assert.That(inked.Select(i => i % 28).Distinct(), Is.EqualTo(new[] { 13, 14 }));
        Assert.That((inked[0] / 28, inked[^1] / 28), Is.EqualTo((4, 23)));
    }

    [Test]
    public void A_pixel_has_the_mean_of_the_area_it_stands_for()
    {
        // 30 drawn pixels become 20, so the second of the image is half of the second drawn and the third.
        byte[] drawing = new byte[900];
        drawing.AsSpan().Fill(200);
        for (int y = 0; y < 30; y++) drawing[y * 30 + 1] = 40;

        byte[] image = DrawnDigit.ToImage(drawing, 30);

        Assert.That(image.AsSpan(14 * 28 + 4, 3).ToArray(), Is.EqualTo(new byte[] { 147, 147, 200 }));
    }

    [Test]
    public void A_drawing_that_fits_the_box_keeps_its_size()
    {
        byte[] image = DrawnDigit.ToImage(Rectangle(200, 10, width: 3, height: 4), Side);

        Assert.That(image.Count(value => value == 255), Is.EqualTo(12));
        Assert.That(image.Count(value => value > 0), Is.EqualTo(12));
    }

    [Test]
    public void Nothing_is_cut_off_where_all_the_mass_is_at_one_end()
    {
        byte[] drawing = Rectangle(0, 0, width: 280, height: 10);
        for (int x = 0; x < 60; x++) for (int y = 0; y < 280; y++) drawing[y * Side + x] = 255;

        byte[] image = DrawnDigit.ToImage(drawing, Side);

        int[] columns = [.. Enumerable.Range(0, 784).Where(i => image[i] > 0).Select(i => i % 28).Distinct().Order()];
        Assert.That(columns, Has.Length.EqualTo(20));
    }

    // The longer side of each digit of MNIST has 20 pixels.
    [Test]
    public void Enlarged_digits_of_MNIST_return_as_they_were()
    {
        for (int row = 0; row < 200; row++)
        {
            byte[] digit = Images.Value.Slice(row * 784, 784).ToArray();
            byte[] drawing = new byte[Side * Side];
            for (int i = 0; i < drawing.Length; i++) drawing[i] = digit[i / Side / 10 * 28 + i % Side / 10];

            byte[] image = DrawnDigit.ToImage(drawing, Side);

            Assert.That(image, Is.EqualTo(digit), $"digit {row}");
        }
    }

    [Test]
    public void A_wrong_length_is_refused() => Assert.That(
        () => DrawnDigit.ToImage(new byte[99], 10),
        Throws.ArgumentException.With.Message.EqualTo(
            "'drawing' has length 99; it must have 10 rows of 10 bytes. (Parameter 'drawing')"));

    private static byte[] Rectangle(int left, int top, int width, int height)
    {
        byte[] drawing = new byte[Side * Side];
        for (int y = top; y < top + height; y++) drawing.AsSpan(y * Side + left, width).Fill(255);
        return drawing;
    }
}
