using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

/// <summary>Images and labels read together.</summary>
internal sealed class IdxReaderDatasetTests
{
    private TemporaryFolder _folder = null!;
    private string _images = "";
    private string _labels = "";

    [SetUp]
    public void WriteThreeImagesOfTwoByTwo()
    {
        _folder = new TemporaryFolder();
        _images = _folder.Write("images", IdxBytes.Counting(3, 2, 2));
        _labels = _folder.Write("labels", IdxBytes.Of([3], [2, 0, 1]));
    }

    [TearDown]
    public void RemoveThem() => _folder.Dispose();

    [Test]
    public void Every_dimension_after_the_first_becomes_a_feature()
    {
        Dataset data = IdxReader.ReadDataset(_images, _labels, classCount: 3, scale: 2, shift: -1);

        float[] row = new float[4];
        data.CopyRow(1, row);
        Assert.That(row, Is.EqualTo(new float[] { 7, 9, 11, 13 }));
        Assert.That(data.Labels.ToArray(), Is.EqualTo(new[] { 2, 0, 1 }));
        Assert.That((data.Count, data.FeatureCount, data.ClassCount, data.HasBytes), Is.EqualTo((3, 4, 3, true)));
        Assert.That((data.Scale, data.Shift), Is.EqualTo((2f, -1f)));
    }

    [Test]
    public void Scale_and_shift_bring_bytes_to_0_to_1_unless_told_otherwise()
    {
        Dataset data = IdxReader.ReadDataset(_images, _labels, classCount: 3);

        Assert.That((data.Scale, data.Shift), Is.EqualTo((1f / 255, 0f)));
    }

    [Test]
    public void One_label_is_needed_for_each_example()
    {
        _labels = _folder.Write("labels", IdxBytes.Of([2], [2, 0]));

        AssertRefused($"{_labels}: it has 2 labels; {_images} has 3 examples, and there must be one label for each.");
    }

    [Test]
    public void A_label_outside_the_classes_is_refused_with_its_row()
    {
        _labels = _folder.Write("labels", IdxBytes.Of([3], [2, 0, 3]));

        AssertRefused($"{_labels}: label 2 is 3; it must be below the class count, 3.");
    }

    [Test]
    public void Examples_need_two_dimensions()
    {
        _images = _folder.Write("images", IdxBytes.Counting(3));

        AssertRefused($"{_images}: it has 1 dimension(s); examples must have at least 2, rows first.");
    }

    [Test]
    public void Labels_have_one_dimension()
    {
        _labels = _folder.Write("labels", IdxBytes.Counting(3, 1));

        AssertRefused($"{_labels}: it has 2 dimension(s); labels must have 1.");
    }

    [Test]
    public void Two_dimensions_are_enough_for_examples()
    {
        _images = _folder.Write("images", IdxBytes.Counting(3, 5));

        Assert.That(IdxReader.ReadDataset(_images, _labels, classCount: 3).FeatureCount, Is.EqualTo(5));
    }

    [TestCase(0u, 4u)]
    [TestCase(3u, 0u)]
    public void Examples_without_values_are_refused(uint rows, uint columns)
    {
        _images = _folder.Write("images", IdxBytes.Of([rows, columns], []));
        _labels = _folder.Write("labels", IdxBytes.Of([rows], new byte[rows]));

        AssertRefused($"{_images}: it holds no values; there must be at least one example of one feature.");
    }

    // EMNIST's letters are stored as 1 to 26.
    [TestCase(1, new byte[] { 1, 26, 5 }, new[] { 0, 25, 4 })]
    [TestCase(0, new byte[] { 0, 25, 5 }, new[] { 0, 25, 5 })]
    [TestCase(230, new byte[] { 230, 255, 231 }, new[] { 0, 25, 1 })]
    public void The_offset_is_taken_from_each_label(int offset, byte[] stored, int[] expected)
    {
        _labels = _folder.Write("labels", IdxBytes.Of([3], stored));

        Dataset data = IdxReader.ReadDataset(_images, _labels, classCount: 26, labelOffset: offset);

        Assert.That(data.Labels.ToArray(), Is.EqualTo(expected));
    }

    [TestCase(1, 0)]
    [TestCase(1, 27)]
    [TestCase(255, 254)]
    public void A_label_outside_the_classes_is_refused_as_it_is_stored(int offset, byte stored)
    {
        _labels = _folder.Write("labels", IdxBytes.Of([3], [(byte)offset, stored, (byte)offset]));

        Assert.That(
            () => IdxReader.ReadDataset(_images, _labels, classCount: 26, labelOffset: offset),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{_labels}: label 1 is stored as {stored}; less the offset, {offset}, it must be from 0 to 25."));
    }

    [TestCase(-1)]
    [TestCase(256)]
    [TestCase(int.MinValue)]
    public void The_offset_is_a_byte(int offset)
    {
        Assert.That(
            () => IdxReader.ReadDataset(_folder.PathOf("none"), _folder.PathOf("none"), classCount: 26, labelOffset: offset),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                $"'labelOffset' is {offset}; it must be from 0 to 255. (Parameter 'labelOffset')"));
    }

    // Whatever the files hold: the arguments are looked at first.
    [TestCase(1, 1f, 0f, "'classCount' is 1; it must be at least 2. (Parameter 'classCount')")]
    [TestCase(2, 0f, 0f, "'scale' is 0; it must not be, or every feature would be the same. (Parameter 'scale')")]
    [TestCase(2, float.NaN, 0f, "'scale' is NaN; it must be finite. (Parameter 'scale')")]
    [TestCase(2, 1f, float.PositiveInfinity, "'shift' is Infinity; it must be finite. (Parameter 'shift')")]
    public void Arguments_are_checked_before_a_file_is_opened(int classCount, float scale, float shift, string expected)
    {
        Assert.That(
            () => IdxReader.ReadDataset(_folder.PathOf("none"), _folder.PathOf("none"), classCount, scale, shift),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(expected));
    }

    private void AssertRefused(string message) =>
        Assert.That(
            () => IdxReader.ReadDataset(_images, _labels, classCount: 3),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));
}
