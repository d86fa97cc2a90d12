using BinaryConnect.Guards;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BinaryConnect.Data;

/// <summary>
/// MNIST, the handwritten digits of Y. LeCun and C. Cortes: 28 × 28 grey pixels, 10 classes, 60,000 + 10,000 examples.
/// </summary>
public sealed class Mnist
{
    private const int Classes = 10;
    private const int TutorialValidationRows = 5_000;
    private const int PaperTrainRows = 50_000;

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

    /// <summary>Reads the four IDX files from a folder.</summary>
    /// <remarks>
    /// A file may be packed (.gz) or not, and named train-images-idx3-ubyte or train-images.idx3-ubyte. It may be in
    /// the folder itself, in its sub-folder "raw", or in a sub-folder of the file's own name. If there are several
    /// copies, the first intact one is read: packed before plain, the folder before its sub-folders.
    /// </remarks>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="split">The choice of the validation rows.</param>
    /// <param name="scale">The factor of a pixel; 1/255 maps it to [0, 1].</param>
    /// <param name="shift">The summand after scaling.</param>
    /// <param name="logger">Gets a warning for each bad copy that another one replaces; null for no warnings.</param>
    /// <returns>The three parts; all pixels stay bytes.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="folder"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="split"/> is undefined, or scale or shift is not finite, or scale is 0.
    /// </exception>
    /// <exception cref="FileNotFoundException">
    /// The folder or one of the files is missing; the message says where it looked and how to get them.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// A file is malformed or damaged, none of its copies can be read, or it is too short for the split.
    /// </exception>
    /// <exception cref="IOException">A file without another copy cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a file without another copy is denied.</exception>
    public static Mnist Load(
        string folder, MnistSplit split = MnistSplit.Tutorial, float scale = 1f / 255, float shift = 0, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Enum.IsDefined(split))
            throw new ArgumentOutOfRangeException(nameof(split), $"'split' is {(int)split}; it must be Tutorial or Paper.");
        Guard.Scaling(scale, shift);
        logger ??= NullLogger.Instance;
        string[] trainImages = MnistFiles.Find(folder, MnistFiles.TrainImages);
        string[] trainLabels = MnistFiles.Find(folder, MnistFiles.TrainLabels);
        string[] testImages = MnistFiles.Find(folder, MnistFiles.TestImages);
        string[] testLabels = MnistFiles.Find(folder, MnistFiles.TestLabels);

        (Dataset all, string allPath) = Read(trainImages, trainLabels, scale, shift, logger);
        int first = split == MnistSplit.Tutorial ? TutorialValidationRows : PaperTrainRows;
        int count = all.Count, features = all.FeatureCount;
        if (count <= first)
        {
            throw new InvalidDataException(
                $"{allPath}: it has {count:N0} examples; the {split} split needs more than {first:N0}.");
        }

        (Dataset test, string testPath) = Read(testImages, testLabels, scale, shift, logger);
        if (test.FeatureCount != features)
        {
            throw new InvalidDataException(
                $"{testPath}: its examples have {test.FeatureCount:N0} features; those of {allPath} have {features:N0}.");
        }

        (Dataset head, Dataset tail) = all.Split(first);
        return split == MnistSplit.Tutorial ? new Mnist(tail, head, test) : new Mnist(head, tail, test);
    }

    private static (Dataset Data, string Path) Read(
        string[] imagesCopies, string[] labelsCopies, float scale, float shift, ILogger logger)
    {
        (IdxArray images, string path) = MnistFiles.Read(imagesCopies, IdxReader.ReadExamples, logger);
        (int[] labels, string labelsPath) = MnistFiles.Read(labelsCopies, Labels, logger);
        return (IdxReader.Join(images, path, labels, labelsPath, Classes, scale, shift), path);

        static int[] Labels(string path) => IdxReader.ReadLabels(path, Classes, offset: 0);
    }
}
