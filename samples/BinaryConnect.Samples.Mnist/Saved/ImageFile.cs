using BinaryConnect.Data;

namespace BinaryConnect.Samples.Mnist.Saved;

/// <summary>Reads images to classify: an IDX file of many, or a PNG of one.</summary>
internal static class ImageFile
{
    /// <summary>Reads a file, whose first bytes tell its format.</summary>
    /// <returns>The pixels, [n, f], and f.</returns>
    /// <exception cref="InvalidDataException">It is neither, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static (ReadOnlyMemory<byte> Pixels, int Features) Read(string file)
    {
        if (PngImage.IsPng(file)) return (PngImage.ReadDigit(file), PngImage.Side * PngImage.Side);
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
