using System.Text;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

internal sealed class PgmImageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase("P5 28 28 255\n")]
    [TestCase("P5\n# drawn by hand\n28 28 # wide, high\n255\n")]
    [TestCase("P5\r\n28\t28\r255 ")]
    public void Bytes_are_read_as_they_are(string header)
    {
        byte[] pixels = Pixels(28);

        Assert.That(Read([.. Encoding.ASCII.GetBytes(header), .. pixels]), Is.EqualTo(pixels));
    }

    [TestCase("P2 28 28 255\n", " ")]
    [TestCase("P2\n#comment\n28 28\n255 #white\n", "\n\t")]
    public void Digits_are_read_as_they_are(string header, string separator)
    {
        byte[] pixels = Pixels(28);

        Assert.That(Read(Encoding.ASCII.GetBytes(header + string.Join(separator, pixels) + "\n")), Is.EqualTo(pixels));
    }

    [Test]
    public void The_largest_value_becomes_white()
    {
        byte[] pixels = [.. Pixels(28).Select(value => (byte)(value % 16))];
        byte[] wide = [.. pixels.SelectMany(value => new[] { (byte)(value * 17), (byte)(value * 17) })];
        byte[] expected = Array.ConvertAll(pixels, value => (byte)(value * 17));

        Assert.That(Read([.. "P5 28 28 15\n"u8, .. pixels]), Is.EqualTo(expected));
        Assert.That(Read([.. "P5 28 28 65535\n"u8, .. wide]), Is.EqualTo(expected), "two bytes, the high one first");
    }

    [Test]
    public void A_larger_image_becomes_the_means_of_its_squares()
    {
        byte[] pixels = Pixels(28);
        byte[] large = [.. Enumerable.Range(0, 84 * 84).Select(i => pixels[i / 84 / 3 * 28 + i % 84 / 3])];

        Assert.That(Read([.. "P5 84 84 255\n"u8, .. large]), Is.EqualTo(pixels));
    }

    [TestCase("P5 28", "it ends before its height")]
    [TestCase("P5 28 28 ", "it ends before its largest value")]
    [TestCase("P5 28 x 255\n", "its height is no number")]
    [TestCase("P5 -28 28 255\n", "its width is no number")]
    [TestCase("P5 28 28 0\n", "its largest value is 0; it must be from 1 to 65,535")]
    [TestCase("P5 28 28 65536\n", "its largest value is 65536; it must be from 1 to 65,535")]
    [TestCase("P5 28 28 255\nabc", "it has 3 bytes of pixels; its size and its largest value give 784")]
    [TestCase("P5 28 28 256\nabc", "it has 3 bytes of pixels; its size and its largest value give 1,568")]
    [TestCase("P2 28 28 255\n1 2 3\n", "it ends before its pixel 4")]
    [TestCase("P2 28 28 255\n1 2 256", "pixel 3 is 256; the largest value is 255")]
    [TestCase("P2 28 28 255\n1 2 -3", "its pixel 3 is no number")]
    [TestCase(
        "P5 28 29 255\n",
        "it is 28 pixels wide and 29 high; it must be square, 28 x 28 or larger, to 8,192 x 8,192")]
    [TestCase(
        "P5 99999999999 99999999999 255\n",
        "it is 2,147,483,647 pixels wide and 2,147,483,647 high; it must be square, 28 x 28 or larger, to 8,192 x 8,192")]
    public void A_damaged_file_is_refused_in_one_line(string content, string fault)
    {
        string file = _folder.Write("image.pgm", Encoding.ASCII.GetBytes(content));

        Assert.That(
            () => PgmImage.ReadDigit(file),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{file}: {fault}."));
    }

    [Test]
    public void More_than_one_image_is_refused()
    {
        string digits = string.Join(' ', Pixels(28));

        Assert.That(
            () => Read(Encoding.ASCII.GetBytes($"P2 28 28 255\n{digits}\nP2 28 28 255\n{digits}")),
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(": it has more than one image."));
    }

    [TestCase("P5 ", true)]
    [TestCase("P2\n28", true)]
    [TestCase("P5", false)]
    [TestCase("P6 28 28", false)]
    [TestCase("P55 28", false)]
    public void Its_first_bytes_tell_it(string start, bool expected) =>
        Assert.That(PgmImage.IsPgm(Encoding.ASCII.GetBytes(start)), Is.EqualTo(expected));

    private static byte[] Pixels(int side)
    {
        byte[] pixels = new byte[side * side];
        new Random(1).NextBytes(pixels);
        return pixels;
    }

    private byte[] Read(byte[] content) => PgmImage.ReadDigit(_folder.Write("image.pgm", content));
}
