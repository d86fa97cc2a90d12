using BinaryConnect.Data;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>Reads images to classify: an IDX file of many, a PNG or a PGM of one.</summary>
internal static class ImageFile
{
    /// <summary>Reads a file, whose first bytes tell its format.</summary>
    /// <returns>The pixels, [n, f], and f.</returns>
    /// <exception cref="InvalidDataException">It is none of these, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static (ReadOnlyMemory<byte> Pixels, int Features) Read(string file)
    {
        Span<byte> start = stackalloc byte[8];
        using (FileStream stream = File.OpenRead(file))
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (PngImage.IsPng(start)) return (PngImage.ReadDigit(file), Digit.Side * Digit.Side);
        if (PgmImage.IsPgm(start)) return (PgmImage.ReadDigit(file), Digit.Side * Digit.Side);
        if (!start.StartsWith((ReadOnlySpan<byte>)[0, 0]) && !start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            string what = start.IsEmpty ? "is empty" : $"starts with {Convert.ToHexString(start)}";
            throw new InvalidDataException($"{file}: it {what}; it must be an IDX file, packed by gzip or not, a PNG or a PGM.");
        }

        IdxArray images = IdxReader.Read(file);
        if (images.Dimensions.Count < 2 || images.Values.IsEmpty)
        {
            throw new InvalidDataException(
                $"{file}: it has {images.Dimensions.Count} dimension(s) and {images.Values.Length:N0} values; "
                + "images have at least 2 dimensions, images first, and there must be at least one.");
        }

        return (images.Values, images.Values.Length / images.Dimensions[0]);
    }
}
