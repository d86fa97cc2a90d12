namespace BinaryConnect.Data;

/// <summary>MNIST, the handwritten digits of Y. LeCun and C. Cortes: 28 × 28 grey pixels, 10 classes, 60,000 + 10,000 examples.</summary>
public sealed class Mnist
{
    private const int Classes = 10;
    private const int TutorialValidationRows = 5_000;
    private const int PaperTrainRows = 50_000;
    private static readonly string[] FileNames =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private Mnist(Dataset train, Dataset validation, Dataset test)
    {
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>The examples to train on: 55,000 (tutorial) or 50,000 (paper).</summary>
    public Dataset Train { get; }

    /// <summary>The examples to choose a model by: 5,000 (tutorial) or 10,000 (paper).</summary>
    public Dataset Validation { get; }

    /// <summary>The 10,000 test examples.</summary>
    public Dataset Test { get; }

    /// <summary>Reads the four IDX files, as published (gzip) or unpacked, from a folder.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="split">Which rows are validation.</param>
    /// <param name="scale">What a pixel is multiplied by; 1/255 brings it to [0, 1].</param>
    /// <param name="shift">What is added after scaling.</param>
    /// <returns>The three parts; all pixels stay bytes.</returns>
    /// <exception cref="FileNotFoundException">The folder or one of the files is missing; the message says where it looked and how to get them.</exception>
    /// <exception cref="InvalidDataException">A file is malformed, or too short for the split.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="split"/> is undefined, or scale or shift is not finite, or scale is 0.</exception>
    public static Mnist Load(string folder, MnistSplit split = MnistSplit.Tutorial, float scale = 1f / 255, float shift = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Enum.IsDefined(split)) throw new ArgumentOutOfRangeException(nameof(split), $"'split' is {(int)split}; it must be Tutorial or Paper.");
        string[] paths = Array.ConvertAll(FileNames, name => Find(folder, name));
        Dataset all = IdxReader.ReadDataset(paths[0], paths[1], Classes, scale, shift);
        Dataset test = IdxReader.ReadDataset(paths[2], paths[3], Classes, scale, shift);
        int first = split == MnistSplit.Tutorial ? TutorialValidationRows : PaperTrainRows;
        if (all.Count <= first)
            throw new InvalidDataException($"{paths[0]}: it has {all.Count:N0} examples; the {split} split needs more than {first:N0}.");
        if (test.FeatureCount != all.FeatureCount)
            throw new InvalidDataException($"{paths[2]}: its examples have {test.FeatureCount:N0} features; those of {paths[0]} have {all.FeatureCount:N0}.");
        (Dataset head, Dataset tail) = all.Split(first);
        return split == MnistSplit.Tutorial ? new Mnist(tail, head, test) : new Mnist(head, tail, test);
    }

    private static string Find(string folder, string name)
    {
        string plain = Path.Combine(folder, name), packed = plain + ".gz";
        if (File.Exists(packed)) return packed;
        if (File.Exists(plain)) return plain;
        throw new FileNotFoundException(
            $"No {name}.gz or {name} in '{Path.GetFullPath(folder)}'. The folder must hold MNIST's four IDX files, {string.Join(", ", FileNames)}, " +
            "packed (.gz) or not; the source repository of BinaryConnect.Core has them in samples/data/mnist.",
            plain);
    }
}
