using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class MnistTests
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    [Test]
    public void The_tutorials_split_validates_on_the_first_5000_rows()
    {
        Mnist mnist = MnistData.Tutorial;

        Assert.That((mnist.Train.Count, mnist.Validation.Count, mnist.Test.Count), Is.EqualTo((55_000, 5_000, 10_000)));
        AssertRows(mnist.Validation, "train", first: 0);
        AssertRows(mnist.Train, "train", first: 5_000);
        AssertRows(mnist.Test, "t10k", first: 0);
    }

    [Test]
    public void The_papers_split_validates_on_the_last_10000_rows()
    {
        Mnist mnist = Mnist.Load(MnistData.Folder, MnistSplit.Paper);

        Assert.That((mnist.Train.Count, mnist.Validation.Count, mnist.Test.Count), Is.EqualTo((50_000, 10_000, 10_000)));
        AssertRows(mnist.Train, "train", first: 0);
        AssertRows(mnist.Validation, "train", first: 50_000);
        AssertRows(mnist.Test, "t10k", first: 0);
    }

    [Test]
    public void Pixels_are_784_bytes_of_10_classes_brought_to_0_to_1_unless_told_otherwise()
    {
        foreach (Dataset part in Parts(MnistData.Tutorial))
        {
            Assert.That((part.FeatureCount, part.ClassCount, part.HasBytes), Is.EqualTo((784, 10, true)));
            Assert.That((part.Scale, part.Shift), Is.EqualTo((1f / 255, 0f)));
        }
    }

    [Test]
    public void Unpacked_files_scale_and_shift_are_taken()
    {
        using var folder = new TemporaryFolder();
        WriteSmall(folder, trainRows: 5_001);

        Mnist mnist = Mnist.Load(folder.Path, scale: 2f / 255, shift: -1);

        Assert.That((mnist.Train.Count, mnist.Validation.Count, mnist.Test.Count), Is.EqualTo((1, 5_000, 2)));
        foreach (Dataset part in Parts(mnist)) Assert.That((part.Scale, part.Shift), Is.EqualTo((2f / 255, -1f)));
    }

    [Test]
    public void A_packed_file_comes_before_an_unpacked_one()
    {
        using var folder = new TemporaryFolder();
        WriteSmall(folder, trainRows: 5_001);
        folder.Write(TestLabels + ".gz", Gzip.Pack(IdxBytes.Of([2], [7, 8])));

        Assert.That(Mnist.Load(folder.Path).Test.Labels.ToArray(), Is.EqualTo(new[] { 7, 8 }));
    }

    [TestCase(5_000, MnistSplit.Tutorial, "it has 5,000 examples; the Tutorial split needs more than 5,000.")]
    [TestCase(50_000, MnistSplit.Paper, "it has 50,000 examples; the Paper split needs more than 50,000.")]
    public void Too_few_rows_for_the_split_are_refused_and_one_more_is_enough(int rows, MnistSplit split, string expected)
    {
        using var folder = new TemporaryFolder();
        WriteSmall(folder, rows);

        Assert.That(
            () => Mnist.Load(folder.Path, split),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{folder.PathOf(TrainImages)}: {expected}"));
        WriteSmall(folder, rows + 1);
        Assert.That(Mnist.Load(folder.Path, split).Test.Count, Is.EqualTo(2));
    }

    [Test]
    public void Test_examples_must_have_as_many_features_as_those_to_train_on()
    {
        using var folder = new TemporaryFolder();
        WriteSmall(folder, trainRows: 5_001);
        folder.Write(TestImages, IdxBytes.Counting(2, 2, 1));

        Assert.That(
            () => Mnist.Load(folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.PathOf(TestImages)}: its examples have 2 features; those of {folder.PathOf(TrainImages)} have 1."));
    }

    [TestCase(TrainImages)]
    [TestCase(TrainLabels)]
    [TestCase(TestImages)]
    [TestCase(TestLabels)]
    public void A_missing_file_is_named_with_the_full_path_of_the_folder_and_where_to_get_it(string missing)
    {
        using var folder = new TemporaryFolder();
        WriteSmall(folder, trainRows: 5_001);
        File.Delete(folder.PathOf(missing));

        var fault = Assert.Throws<FileNotFoundException>(() => Mnist.Load(folder.Path));

        Assert.That(fault!.Message, Is.EqualTo(MissingMessage(missing, folder.Path)));
        Assert.That(fault.FileName, Is.EqualTo(folder.PathOf(missing)));
    }

    [Test]
    public void A_missing_folder_is_named_by_its_full_path()
    {
        Assert.That(
            () => Mnist.Load("no-such-folder"),
            Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo(
                MissingMessage(TrainImages, Path.GetFullPath("no-such-folder"))));
    }

    [Test]
    public void Arguments_are_checked_before_a_file_is_looked_for()
    {
        Assert.That(() => Mnist.Load(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("folder"));
        Assert.That(() => Mnist.Load(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("folder"));
        Assert.That(
            () => Mnist.Load("no-such-folder", (MnistSplit)2),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'split' is 2; it must be Tutorial or Paper. (Parameter 'split')"));
        Assert.That(
            () => Mnist.Load(MnistData.Folder, scale: 0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'scale' is 0; it must not be, or every feature would be the same. (Parameter 'scale')"));
    }

    private static string MissingMessage(string name, string folder)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return $"No {name} in '{folder}'. Looked for {name}.gz, {dotted}.gz, {name} and {dotted}, "
            + $"there and in the sub-folders raw, {name} and {dotted}. "
            + $"The folder must hold MNIST's four IDX files, {TrainImages}, {TrainLabels}, {TestImages} and {TestLabels}; "
            + "the source repository of BinaryConnect.Core has them in samples/data/mnist.";
    }

    private static Dataset[] Parts(Mnist mnist) => [mnist.Train, mnist.Validation, mnist.Test];

    // One pixel an image.
    private static void WriteSmall(TemporaryFolder folder, int trainRows)
    {
        folder.Write(TrainImages, IdxBytes.Counting((uint)trainRows, 1, 1));
        folder.Write(TrainLabels, IdxBytes.Of([(uint)trainRows], new byte[trainRows]));
        folder.Write(TestImages, IdxBytes.Counting(2, 1, 1));
        folder.Write(TestLabels, IdxBytes.Of([2], [3, 4]));
    }

    private static void AssertRows(Dataset part, string file, int first)
    {
        IdxArray images = IdxReader.Read(Path.Combine(MnistData.Folder, $"{file}-images-idx3-ubyte.gz"));
        IdxArray labels = IdxReader.Read(Path.Combine(MnistData.Folder, $"{file}-labels-idx1-ubyte.gz"));
        Assert.That(
            Array.ConvertAll(part.Labels.ToArray(), label => (byte)label),
            Is.EqualTo(labels.Values.Slice(first, part.Count).ToArray()));
        float[] row = new float[784];
        for (int i = 0; i < part.Count; i++)
        {
            part.CopyRow(i, row);
            ReadOnlySpan<byte> expected = images.Values.Span.Slice((first + i) * 784, 784);
            for (int j = 0; j < 784; j++)
            {
                if (MathF.Round(row[j] * 255) != expected[j]) Assert.Fail($"row {i}, pixel {j}: {row[j]} for {expected[j]}");
            }
        }
    }
}
