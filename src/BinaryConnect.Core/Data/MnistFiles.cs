using Microsoft.Extensions.Logging;

namespace BinaryConnect.Data;

/// <summary>
/// Finds MNIST's four files under the names and in the sub-folders that downloads give them, and reads the first intact
/// copy.
/// </summary>
internal static class MnistFiles
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    private const string RawFolder = "raw";

    /// <summary>All copies of a file: packed ones first, since a checksum guards them, and sub-folders last.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string[] Find(string folder, string name)
    {
        string dotted = Dotted(name);
        string[] names = [$"{name}.gz", $"{dotted}.gz", name, dotted], subfolders = [RawFolder, name, dotted];
        string[] folders = [folder, .. subfolders.Select(subfolder => Path.Combine(folder, subfolder))];
        IEnumerable<string> places = folders.SelectMany(place => names.Select(file => Path.Combine(place, file)));
        string[] copies = [.. places.Where(File.Exists)];
        if (copies.Length > 0) return copies;
        throw new FileNotFoundException(
            $"No {name} in '{Path.GetFullPath(folder)}'. "
            + $"Looked for {Listed(names)}, there and in the sub-folders {Listed(subfolders)}. "
            + $"The folder must hold MNIST's four IDX files, {Listed([TrainImages, TrainLabels, TestImages, TestLabels])}; "
            + "the source repository of BinaryConnect.Core has them in samples/data/mnist.",
            Path.Combine(folder, name));
    }

    /// <summary>Reads the first copy that can be read, and logs each bad copy before it.</summary>
    /// <returns>The content, and the path of that copy.</returns>
    /// <exception cref="InvalidDataException">
    /// None of several copies can be read; the message has each reason.
    /// </exception>
    public static (T Content, string Path) Read<T>(string[] copies, Func<string, T> read, ILogger logger)
    {
        if (copies.Length == 1) return (read(copies[0]), copies[0]);
        var faults = new List<Exception>();
        foreach (string copy in copies)
        {
            try
            {
                return (read(copy), copy);
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                faults.Add(fault);
                if (faults.Count < copies.Length) DataLog.CopySkipped(logger, fault, copy, copies[faults.Count]);
            }
        }

        throw new InvalidDataException(
            $"None of {copies.Length} copies can be read. {string.Join(' ', faults.Select(fault => fault.Message))}",
            new AggregateException(faults));
    }

    // The form of some archives, "train-images.idx3-ubyte".
    private static string Dotted(string name) => name.Replace("-idx", ".idx", StringComparison.Ordinal);

    private static string Listed(string[] names) => $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
