using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class DatasetTests
{
    // Four rows of three: 0 1 2 | 10 11 12 | 20 21 22 | 30 31 32.
    private static readonly byte[] Bytes = [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32];
    private static readonly int[] Labels = [0, 1, 2, 1];

    [Test]
    public void Bytes_are_scaled_and_shifted_as_rows_are_read()
    {
        var data = Dataset.FromBytes(Bytes, Labels, featureCount: 3, classCount: 5, scale: 0.5f, shift: -1);

        Assert.That((data.Count, data.FeatureCount, data.ClassCount, data.HasBytes), Is.EqualTo((4, 3, 5, true)));
        Assert.That((data.Scale, data.Shift), Is.EqualTo((0.5f, -1f)));
        Assert.That(data.Labels.ToArray(), Is.EqualTo(Labels));
        Assert.That(Row(data, 0), Is.EqualTo(new[] { -1, -0.5f, 0 }));
        Assert.That(Row(data, 3), Is.EqualTo(new[] { 14, 14.5f, 15 }));
    }

    [Test]
    public void Bytes_come_to_0_to_1_unless_told_otherwise()
    {
        var data = Dataset.FromBytes(new byte[] { 0, 255 }, new int[2], featureCount: 1, classCount: 2);

        Assert.That((data.Scale, data.Shift), Is.EqualTo((1f / 255, 0f)));
        Assert.That((Row(data, 0)[0], Row(data, 1)[0]), Is.EqualTo((0f, 1f)));
    }

    [Test]
    public void A_negative_scale_inverts()
    {
        var data = Dataset.FromBytes(Bytes, Labels, featureCount: 3, classCount: 3, scale: -1, shift: 32);

        Assert.That(Row(data, 3), Is.EqualTo(new float[] { 2, 1, 0 }));
    }

    [Test]
    public void Floats_are_read_as_they_are()
    {
        Dataset data = Floats();

        Assert.That((data.Count, data.FeatureCount, data.ClassCount, data.HasBytes), Is.EqualTo((4, 3, 3, false)));
        Assert.That((data.Scale, data.Shift), Is.EqualTo((1f, 0f)));
        Assert.That(data.Labels.ToArray(), Is.EqualTo(Labels));
        Assert.That(Row(data, 2), Is.EqualTo(new float[] { 20, 21, 22 }));
    }

    [Test]
    public void Features_are_viewed_and_labels_copied_by_the_whole_and_by_its_parts()
    {
        byte[] bytes = [.. Bytes];
        float[] floats = [.. Bytes.Select(value => (float)value)];
        int[] labels = [.. Labels];
        var ofBytes = Dataset.FromBytes(bytes, labels, 3, 3, scale: 1);
        var ofFloats = Dataset.FromFloats(floats, labels, 3, 3);
        Dataset[] wholes = [ofBytes, ofFloats, ofBytes.Take(4), ofFloats.Take(4)];
        Dataset[] seconds = [ofBytes.Split(1).Second, ofFloats.Split(1).Second];

        bytes[9] = 99;
        floats[9] = 99;
        int label = labels[3];
        labels[3] = 2 - label;

        foreach (Dataset data in wholes) Assert.That((Row(data, 3)[0], data.Labels[3]), Is.EqualTo((99f, label)));
        foreach (Dataset data in seconds) Assert.That((Row(data, 2)[0], data.Labels[2]), Is.EqualTo((99f, label)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Split_parts_the_rows_in_order_and_keeps_everything_else(bool ofBytes)
    {
        Dataset data = ofBytes ? OfBytes() : Floats();
        for (int count = 1; count < 4; count++)
        {
            (Dataset first, Dataset second) = data.Split(count);

            Assert.That((first.Count, second.Count), Is.EqualTo((count, 4 - count)));
            for (int row = 0; row < 4; row++)
            {
                (Dataset part, int at) = row < count ? (first, row) : (second, row - count);
                Assert.That(Row(part, at), Is.EqualTo(Row(data, row)));
                Assert.That(part.Labels[at], Is.EqualTo(Labels[row]));
            }

            foreach (Dataset part in new[] { first, second })
            {
                Assert.That((part.FeatureCount, part.ClassCount, part.HasBytes), Is.EqualTo((3, 3, ofBytes)));
                Assert.That((part.Scale, part.Shift), Is.EqualTo((data.Scale, data.Shift)));
            }
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Take_gives_the_first_rows_up_to_all(bool ofBytes)
    {
        Dataset data = ofBytes ? OfBytes() : Floats();
        for (int count = 1; count <= 4; count++)
        {
            Dataset taken = data.Take(count);

            Assert.That(taken.Labels.ToArray(), Is.EqualTo(Labels[..count]));
            Assert.That(Row(taken, count - 1), Is.EqualTo(Row(data, count - 1)));
            Assert.That((taken.Scale, taken.Shift, taken.HasBytes), Is.EqualTo((data.Scale, data.Shift, ofBytes)));
        }
    }

    [Test]
    public void View_widens_bytes_into_the_buffer_and_shows_floats_in_place()
    {
        float[] floats = [.. Bytes.Select(value => (float)value)], expected = [10, 11, 12, 20, 21, 22];
        var buffer = new FencedBuffer(6);

        Batch ofBytes = OfBytes().View(1, 2, buffer);
        Batch ofFloats = Dataset.FromFloats(floats, Labels, 3, 3).View(1, 2, []);

        Assert.That(ofBytes.Features.ToArray(), Is.EqualTo(expected.Select(value => value * 2 + 1)));
        Assert.That(ofBytes.Features.Overlaps(buffer.Span), Is.True);
        Assert.That(ofFloats.Features.ToArray(), Is.EqualTo(expected));
        Assert.That(ofFloats.Features.Overlaps(floats), Is.True);
        Assert.That(ofBytes.Labels.ToArray(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(ofFloats.Labels.ToArray(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Faults_of_counts_and_lengths_are_named_for_bytes_and_floats()
    {
        AssertFault<ArgumentOutOfRangeException>(
            12, Labels, 0, 3, "'featureCount' is 0; it must be at least 1. (Parameter 'featureCount')");
        AssertFault<ArgumentOutOfRangeException>(
            12, Labels, 3, 1, "'classCount' is 1; it must be at least 2. (Parameter 'classCount')");
        AssertFault<ArgumentException>(
            0, [], 3, 3, "'labels' is empty; a data set must have at least one row. (Parameter 'labels')");
        AssertFault<ArgumentException>(
            11, Labels, 3, 3,
            "'features' has length 11; it must be a whole number of rows of 'featureCount', 3. (Parameter 'features')");
        AssertFault<ArgumentException>(
            15, Labels, 3, 3,
            "'labels' has length 4; it must have one label for each row of 'features', 5. (Parameter 'labels')");
        AssertFault<ArgumentException>(
            0, Labels, 3, 3, "'labels' has length 4; it must have one label for each row of 'features', 0. (Parameter 'labels')");
        AssertFault<ArgumentException>(
            12, [0, 1, 2, 3], 3, 3,
            "'labels' has 3 at row 3; a label must be at least 0 and below the class count, 3. (Parameter 'labels')");
        AssertFault<ArgumentException>(
            12, [0, -1, 2, 1], 3, 3,
            "'labels' has -1 at row 1; a label must be at least 0 and below the class count, 3. (Parameter 'labels')");
    }

    [TestCase(0f, 0f, "'scale' is 0; it must not be, or every feature would be the same. (Parameter 'scale')")]
    [TestCase(-0f, 0f, "'scale' is 0; it must not be, or every feature would be the same. (Parameter 'scale')")]
    [TestCase(float.NaN, 0f, "'scale' is NaN; it must be finite. (Parameter 'scale')")]
    [TestCase(float.NegativeInfinity, 0f, "'scale' is -Infinity; it must be finite. (Parameter 'scale')")]
    [TestCase(1f, float.NaN, "'shift' is NaN; it must be finite. (Parameter 'shift')")]
    [TestCase(1f, float.PositiveInfinity, "'shift' is Infinity; it must be finite. (Parameter 'shift')")]
    public void Scale_and_shift_must_be_finite_and_scale_not_zero(float scale, float shift, string expected)
    {
        Assert.That(
            () => Dataset.FromBytes(Bytes, Labels, 3, 3, scale, shift),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(expected));
    }

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    [TestCase(float.NegativeInfinity, "-Infinity")]
    public void A_float_that_is_not_finite_is_refused_with_its_place(float value, string name)
    {
        float[] features = new float[12];
        features[7] = value;
        features[8] = float.NaN;

        Assert.That(
            () => Dataset.FromFloats(features, Labels, 3, 3),
            Throws.ArgumentException.With.Message.EqualTo(
                $"'features' has {name} at row 2, column 1; every feature must be finite. (Parameter 'features')"));
    }

    [Test]
    public void Rows_out_of_range_are_refused()
    {
        Dataset data = Floats();
        foreach (int count in new[] { -1, 0, 4, 5 })
        {
            AssertRange(
                () => data.Split(count),
                $"'count' is {count}; it must leave both parts a row, so be from 1 to 3. (Parameter 'count')");
        }

        foreach (int count in new[] { -1, 0, 5 })
        {
            AssertRange(
                () => data.Take(count), $"'count' is {count}; it must be from 1 to the number of rows, 4. (Parameter 'count')");
        }

        foreach (int row in new[] { -1, 4 })
        {
            AssertRange(
                () => data.CopyRow(row, new float[3]),
                $"'row' is {row}; it must be at least 0 and below the number of rows, 4. (Parameter 'row')");
        }
    }

    [TestCase(2)]
    [TestCase(4)]
    public void A_row_needs_a_destination_of_its_own_length(int length)
    {
        Assert.That(
            () => OfBytes().CopyRow(0, new float[length]),
            Throws.ArgumentException.With.Message.EqualTo(
                $"'destination' has length {length}; it must have the data set's feature count, 3. (Parameter 'destination')"));
    }

    private static Dataset OfBytes() => Dataset.FromBytes(Bytes, Labels, featureCount: 3, classCount: 3, scale: 2, shift: 1);

    private static Dataset Floats() =>
        Dataset.FromFloats(Bytes.Select(value => (float)value).ToArray(), Labels, featureCount: 3, classCount: 3);

    private static float[] Row(Dataset data, int row)
    {
        var values = new FencedBuffer(data.FeatureCount);
        data.CopyRow(row, values);
        values.AssertFencesStand($"row {row}");
        return values.Span.ToArray();
    }

    private static void AssertFault<T>(int length, int[] labels, int featureCount, int classCount, string message)
        where T : Exception
    {
        Assert.That(
            () => Dataset.FromBytes(new byte[length], labels, featureCount, classCount),
            Throws.TypeOf<T>().With.Message.EqualTo(message));
        Assert.That(
            () => Dataset.FromFloats(new float[length], labels, featureCount, classCount),
            Throws.TypeOf<T>().With.Message.EqualTo(message));
    }

    private static void AssertRange(Action action, string message) =>
        Assert.That(action.Invoke, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(message));
}
