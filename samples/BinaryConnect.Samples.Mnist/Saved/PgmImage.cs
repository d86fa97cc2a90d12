using System.Buffers;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>
/// Reads a PGM as an image like MNIST's: Netpbm's portable grey map, in digits (P2) or in bytes (P5).
/// </summary>
internal static class PgmImage
{
    private const int MostGrey = ushort.MaxValue;
    private const long MostBytes = 1 << 30;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n\v\f"u8);

    /// <summary>Whether a file starts as a PGM.</summary>
    public static bool IsPgm(ReadOnlySpan<byte> start) =>
        start.Length > 2 && start[0] == 'P' && start[1] is (byte)'2' or (byte)'5' && IsBlank(start[2]);

    /// <summary>Reads an image. A larger one is scaled down: a pixel is the mean of the area it covers.</summary>
    /// <returns>The pixels, [28, 28]; the image's largest grey value becomes 255.</returns>
    /// <exception cref="InvalidDataException">It is damaged, not square, too small or too large.</exception>
    public static byte[] ReadDigit(string file)
    {
        long length = new FileInfo(file).Length;
        if (length > MostBytes) throw Fault(file, $"it has {length:N0} bytes; a PGM must have at most {MostBytes:N0}");
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
        int at = 2, width = Number(file, bytes, ref at, "width"), height = Number(file, bytes, ref at, "height");
        int white = Number(file, bytes, ref at, "largest value");
        Digit.CheckSize(file, width, height);
        if (white is 0 or > MostGrey) throw Fault(file, $"its largest value is {white}; it must be from 1 to {MostGrey:N0}");
        byte[] grey = new byte[width * height];
        if (bytes[1] == '2') ReadDigits(file, bytes[at..], white, grey);
        else ReadBytes(file, bytes[Math.Min(at + 1, bytes.Length)..], white, grey);
        return Digit.ScaleDown(grey, width);
    }

    private static void ReadDigits(string file, ReadOnlySpan<byte> bytes, int white, Span<byte> grey)
    {
        int at = 0;
        for (int i = 0; i < grey.Length; i++) grey[i] = Scale(file, Number(file, bytes, ref at, $"pixel {i + 1:N0}"), white, i);
        if (bytes[at..].ContainsAnyExcept(Blanks)) throw Fault(file, "it has more than one image");
    }

    // Values above 255 take two bytes, the high one first.
    private static void ReadBytes(string file, ReadOnlySpan<byte> bytes, int white, Span<byte> grey)
    {
        int size = white > byte.MaxValue ? 2 : 1;
        if (bytes.Length != size * grey.Length)
        {
            throw Fault(
                file, $"it has {bytes.Length:N0} bytes of pixels; its size and its largest value give {size * grey.Length:N0}");
        }

        for (int i = 0; i < grey.Length; i++)
            grey[i] = Scale(file, size == 1 ? bytes[i] : bytes[2 * i] << 8 | bytes[2 * i + 1], white, i);
    }

    private static byte Scale(string file, int value, int white, int pixel) => value <= white
        ? (byte)((value * 255L + white / 2) / white)
        : throw Fault(file, $"pixel {pixel + 1:N0} is {value:N0}; the largest value is {white:N0}");

    // A number after blanks and comments, which begin with #.
    private static int Number(string file, ReadOnlySpan<byte> bytes, ref int at, string name)
    {
        bool isComment = false;
        while (at < bytes.Length && (isComment || IsBlank(bytes[at]) || bytes[at] == '#'))
        {
            isComment = bytes[at] == '#' || isComment && bytes[at] is not ((byte)'\n' or (byte)'\r');
            at++;
        }

        int begin = at;
        long number = 0;
        for (; at < bytes.Length && char.IsAsciiDigit((char)bytes[at]); at++)
            number = Math.Min(10 * number + bytes[at] - '0', int.MaxValue);
        if (begin == at) throw Fault(file, at == bytes.Length ? $"it ends before its {name}" : $"its {name} is no number");
        return (int)number;
    }

    private static bool IsBlank(byte value) => Blanks.Contains(value);

    private static InvalidDataException Fault(string file, string fault) => new($"{file}: {fault}.");
}
