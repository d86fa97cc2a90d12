using System.Runtime.Versioning;
using BinaryConnect.Data;
using BinaryConnect.Tests.Support;
using Microsoft.Extensions.Logging;

namespace BinaryConnect.Tests.Data;

/// <summary>Files under other names, in sub-folders, and more than once.</summary>
internal sealed class MnistCopiesTests
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";
    private static readonly string[] Names = [TrainImages, "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", TestLabels];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("{0}", false)]
    [TestCase("{0}", true)]
    [TestCase("{1}", false)]
    [TestCase("{1}", true)]
    [TestCase("raw/{0}", false)]
    [TestCase("raw/{1}", true)]
    [TestCase("{0}/{0}", false)]
    [TestCase("{1}/{1}", false)]
    [TestCase("{0}/{1}", true)]
    [TestCase("{1}/{0}", true)]
    public void Files_are_found_by_either_name_packed_or_not_in_the_folder_or_below(string pattern, bool isPacked)
    {
        foreach (string name in Names) WriteSmall(Path(pattern, name), name, isPacked);

        Mnist mnist = Mnist.Load(_folder.Path);

        Assert.That((mnist.Train.Count, mnist.Validation.Count), Is.EqualTo((1, 5_000)));
        Assert.That(mnist.Test.Labels.ToArray(), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void A_folder_of_the_file_s_name_is_not_taken_for_the_file()
    {
        foreach (string name in Names) WriteSmall(name, name, isPacked: false);
        Directory.CreateDirectory(_folder.PathOf(TestLabels + ".gz"));
        var logger = new RecordingLogger();

        Assert.That(Mnist.Load(_folder.Path, logger: logger).Test.Count, Is.EqualTo(2));
        Assert.That(logger.Entries, Is.Empty);
    }

    // Copies of every kind: some cannot be read, and some hold no labels.
    private static IEnumerable<TestCaseData> BadLabels()
    {
        byte[] good = Gzip.Pack(IdxBytes.Of([2], [7, 8]));
        yield return Case("cut short", good[..^9], "its gzip data is damaged or cut short.");
        yield return Case("one byte", [0], "it ends at byte 1; an IDX header has at least 4 bytes.");
        yield return Case("two dimensions", Gzip.Pack(IdxBytes.Of([2, 1], [7, 8])), "it has 2 dimension(s); labels must have 1.");
        byte[] ten = Gzip.Pack(IdxBytes.Of([2], [7, 10]));
        yield return Case("label 10", ten, "label 1 is 10; it must be below the class count, 10.");

        static TestCaseData Case(string name, byte[] bad, string reason) =>
            new TestCaseData(bad, reason).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(BadLabels))]
    public void An_intact_copy_is_read_in_place_of_a_bad_one_and_the_log_says_so(byte[] bad, string reason)
    {
        foreach (string name in Names) WriteSmall(name, name, isPacked: false);
        string path = _folder.Write(TestLabels + ".gz", bad);
        var logger = new RecordingLogger();

        Mnist mnist = Mnist.Load(_folder.Path, logger: logger);

        Assert.That(mnist.Test.Labels.ToArray(), Is.EqualTo(new[] { 3, 4 }));
        Assert.That(logger.Entries, Has.Count.EqualTo(1));
        (LogLevel level, _, string message, Exception? exception) = logger.Entries[0];
        string expected = $"{path} cannot be read; {_folder.PathOf(TestLabels)} is tried instead";
        Assert.That((level, message), Is.EqualTo((LogLevel.Warning, expected)));
        Assert.That(exception, Is.TypeOf<InvalidDataException>().With.Message.EqualTo($"{path}: {reason}"));
        Assert.That(() => Mnist.Load(_folder.Path), Throws.Nothing, "without a log");
    }

    [Test]
    public void Bad_examples_have_the_same_remedy()
    {
        foreach (string name in Names) WriteSmall("raw/" + name, name, isPacked: true);
        string first = _folder.Write(TrainImages + ".gz", [0x1F, 0x8B]);
        string second = _folder.Write(TrainImages, IdxBytes.Of([0, 3], [])), third = _folder.PathOf($"raw/{TrainImages}.gz");
        var logger = new RecordingLogger();

        Assert.That(Mnist.Load(_folder.Path, logger: logger).Train.Count, Is.EqualTo(1));
        Assert.That(
            logger.Entries.Select(entry => entry.Message),
            Is.EqualTo(new[]
            {
                $"{first} cannot be read; {second} is tried instead",
                $"{second} cannot be read; {third} is tried instead",
            }));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void A_copy_that_may_not_be_opened_is_passed_over()
    {
        foreach (string name in Names) WriteSmall(name, name, isPacked: false);
        string path = _folder.Write(TestLabels + ".gz", Gzip.Pack(IdxBytes.Of([2], [7, 8])));
        File.SetUnixFileMode(path, UnixFileMode.None);
        bool isRoot = Environment.IsPrivilegedProcess;

        Assert.That(Mnist.Load(_folder.Path).Test.Labels.ToArray(), Is.EqualTo(isRoot ? new[] { 7, 8 } : [3, 4]));
    }

    [Test]
    public void Copies_that_are_all_bad_are_all_named()
    {
        foreach (string name in Names) WriteSmall(name, name, isPacked: false);
        string packed = _folder.Write(TestLabels + ".gz", [0x1F, 0x8B]), plain = _folder.Write(TestLabels, [0, 0, 9, 1]);
        var logger = new RecordingLogger();

        var fault = Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path, logger: logger));

        Assert.That(fault!.Message, Is.EqualTo(
            $"None of 2 copies can be read. {packed}: its gzip data is damaged or cut short. "
            + $"{plain}: its type code, at byte 2, is 0x09 (signed bytes, which are not supported); "
            + "it must be 0x08, unsigned bytes."));
        Assert.That(((AggregateException)fault.InnerException!).InnerExceptions, Has.Count.EqualTo(2));
        Assert.That(logger.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_bad_file_without_a_copy_is_named_as_it_is()
    {
        foreach (string name in Names) WriteSmall(name, name, isPacked: false);
        string plain = _folder.Write(TestLabels, [0]);
        var logger = new RecordingLogger();

        Assert.That(
            () => Mnist.Load(_folder.Path, logger: logger),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{plain}: it ends at byte 1; an IDX header has at least 4 bytes."));
        Assert.That(logger.Entries, Is.Empty);
    }

    private static string Path(string pattern, string name) => string.Format(
        System.Globalization.CultureInfo.InvariantCulture, pattern, name, name.Replace("-idx", ".idx", StringComparison.Ordinal));

    // One pixel an image.
    private void WriteSmall(string path, string name, bool isPacked)
    {
        bool isTrain = name.StartsWith("train", StringComparison.Ordinal);
        uint rows = isTrain ? 5_001U : 2;
        byte[] file = name.Contains("images", StringComparison.Ordinal)
            ? IdxBytes.Counting(rows, 1, 1)
            : IdxBytes.Of([rows], isTrain ? new byte[rows] : [3, 4]);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder.PathOf(path))!);
        _folder.Write(isPacked ? path + ".gz" : path, isPacked ? Gzip.Pack(file) : file);
    }
}
