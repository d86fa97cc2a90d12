using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

internal sealed class PngImageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void An_image_of_28_pixels_is_read_as_it_is()
    {
        byte[] pixels = Bytes(28 * 28);

        Assert.That(PngImage.ReadDigit(Write(PngBytes.Grey(28, 28, pixels))), Is.EqualTo(pixels));
    }

    [TestCase(2)]
    [TestCase(5)]
    public void A_larger_image_becomes_the_means_of_its_squares(int factor)
    {
        byte[] digit = Bytes(28 * 28);
        int side = 28 * factor;
        byte[] large = new byte[side * side];
        for (int i = 0; i < large.Length; i++)
        {
            // +10 and −10 alternate around the value; the last pixel of an odd number has the value itself.
            int y = i / side, x = i % side, value = Math.Clamp((int)digit[y / factor * 28 + x / factor], 10, 245);
            int place = y % factor * factor + x % factor;
            large[i] = (byte)(value + (factor % 2 == 1 && place == factor * factor - 1 ? 0 : place % 2 == 0 ? 10 : -10));
        }

        byte[] expected = Array.ConvertAll(digit, value => Math.Clamp(value, (byte)10, (byte)245));
        Assert.That(PngImage.ReadDigit(Write(PngBytes.Grey(side, side, large))), Is.EqualTo(expected));
    }

    // Three pixels on two cells, and so on: 42 = 1.5 · 28.
    [Test]
    public void A_pixel_between_two_cells_counts_for_both()
    {
        byte[] large = new byte[42 * 42];
        for (int y = 0; y < 42; y++) large[y * 42 + 1] = 240;

        byte[] digit = PngImage.ReadDigit(Write(PngBytes.Grey(42, 42, large)));

        for (int y = 0; y < 28; y++)
            Assert.That(digit[(y * 28)..(y * 28 + 3)], Is.EqualTo(new byte[] { 80, 80, 0 }));
    }

    [Test]
    public void Colours_become_grey_and_transparent_pixels_black()
    {
        byte[] pixels = new byte[28 * 28 * 4];
        (byte, byte, byte, byte)[] first =
            [(255, 255, 255, 255), (255, 255, 255, 0), (255, 255, 255, 128), (255, 0, 0, 255), (0, 255, 0, 255)];
        for (int i = 0; i < first.Length; i++)
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = first[i];

        byte[] digit = PngImage.ReadDigit(Write(PngBytes.Colour(28, 28, pixels)));

        Assert.That(digit[..3], Is.EqualTo(new byte[] { 255, 0, 128 }));
        Assert.That(digit[3], Is.InRange(60, 90), "red is dark");
        Assert.That(digit[4], Is.InRange(140, 190), "green is bright");
        Assert.That(digit[5..], Is.All.Zero);
    }

    [TestCase(28, 29)]
    [TestCase(27, 27)]
    [TestCase(8193, 8193)]
    public void Other_shapes_are_refused_before_they_are_decoded(int width, int height)
    {
        string file = Write(PngBytes.Of(width, height, 0, []));

        Assert.That(
            () => PngImage.ReadDigit(file),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{file}: it is {width:N0} pixels wide and {height:N0} high; it must be square, "
                + "28 x 28 or larger, to 8,192 x 8,192."));
    }

    [Test]
    public void Every_byte_that_is_changed_after_the_signature_is_noticed()
    {
        byte[] whole = PngBytes.Grey(28, 28, Bytes(28 * 28));
        for (int i = 8; i < whole.Length; i += i < 60 ? 1 : 13)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x10;
            string file = Write(damaged);
            Assert.That(
                () => PngImage.ReadDigit(file),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(file), $"byte {i}");
        }
    }

    [Test]
    public void Every_file_that_is_cut_is_noticed()
    {
        byte[] whole = PngBytes.Grey(28, 28, Bytes(28 * 28));
        for (int length = 8; length < whole.Length; length += 11)
        {
            string file = Write(whole[..length]);
            Assert.That(
                () => PngImage.ReadDigit(file),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("it ends in the chunk at byte"), $"{length} bytes");
        }
    }

    [Test]
    public void Rows_that_are_missing_are_noticed()
    {
        string file = Write(PngBytes.Grey(28, 28, new byte[28 * 28 - 28]));

        Assert.That(
            () => PngImage.ReadDigit(file),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{file}: it cannot be decoded ("));
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private string Write(byte[] content)
    {
        string file = _folder.PathOf("image.png");
        File.WriteAllBytes(file, content);
        return file;
    }
}
