using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class DatasetRowsTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void Shuffle_moves_whole_rows_with_their_labels_and_gives_the_same_order_for_the_same_seed(bool ofBytes)
    {
        Dataset data = Numbered(50, ofBytes), shuffled = data.Shuffle(7);

        Assert.That(Ids(shuffled), Is.EquivalentTo(Ids(data)).And.Not.EqualTo(Ids(data)));
        Assert.That(Ids(data.Shuffle(7)), Is.EqualTo(Ids(shuffled)));
        Assert.That(Ids(data.Shuffle(8)), Is.Not.EqualTo(Ids(shuffled)));
        Assert.That(shuffled.Labels.ToArray(), Is.EqualTo(Ids(shuffled).Select(id => id % 3)));
        Assert.That((shuffled.HasBytes, shuffled.Scale, shuffled.Shift), Is.EqualTo((ofBytes, data.Scale, data.Shift)));
    }

    [Test]
    public void The_order_of_a_seed_never_changes() =>
        Assert.That(string.Join(' ', Ids(Numbered(10, ofBytes: false).Shuffle(1))), Is.EqualTo("4 7 2 6 1 8 3 0 5 9"));

    [Test]
    public void Shuffle_and_the_first_epoch_of_a_sampler_of_the_same_seed_have_different_orders()
    {
        Dataset data = Numbered(50, ofBytes: false);
        Batch epoch = new BatchSampler(data, 50, seed: 7).Next();

        Assert.That(epoch.Labels.ToArray(), Is.Not.EqualTo(data.Shuffle(7).Labels.ToArray()));
    }

    [Test]
    public void A_shuffled_data_set_has_memory_of_its_own()
    {
        float[] features = [1, 2, 3];
        Dataset shuffled = Dataset.FromFloats(features, new int[3], 1, 2).Shuffle(1);

        features.AsSpan().Clear();

        Assert.That(Ids(shuffled), Is.EquivalentTo(new[] { 1, 2, 3 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Split_by_share_gives_every_row_to_one_part(bool stratified)
    {
        Dataset data = Numbered(50, ofBytes: true);
        (Dataset first, Dataset second) = data.Split(0.7, seed: 3, stratified);

        Assert.That((first.Count, second.Count), Is.EqualTo((35, 15)));
        Assert.That(Ids(first).Concat(Ids(second)), Is.EquivalentTo(Ids(data)));
        Assert.That(Ids(first), Is.Not.Ordered);
        Assert.That(Ids(data.Split(35, seed: 3, stratified).First), Is.EqualTo(Ids(first)));
        Assert.That(Ids(data.Split(35, seed: 4, stratified).First), Is.Not.EqualTo(Ids(first)));
    }

    [Test]
    public void A_stratified_split_keeps_the_share_of_each_class_to_within_a_row([Range(1, 59)] int count)
    {
        // 40 rows of class 0, 13 of class 1, 6 of class 2, 1 of class 4, in blocks.
        int[] labels = [.. Enumerable.Repeat(0, 40), .. Enumerable.Repeat(1, 13), .. Enumerable.Repeat(2, 6), 4];
        var data = Dataset.FromFloats(new float[60], labels, 1, 5);

        (Dataset first, Dataset second) = data.Split(count, seed: 1, stratified: true);

        Assert.That((first.Count, second.Count), Is.EqualTo((count, 60 - count)));
        int[] all = data.CountClasses(), ofFirst = first.CountClasses(), ofSecond = second.CountClasses();
        for (int k = 0; k < 5; k++)
        {
            Assert.That(ofFirst[k] + ofSecond[k], Is.EqualTo(all[k]));
            Assert.That(Math.Abs(ofFirst[k] - all[k] * count / 60.0), Is.LessThan(1));
        }
    }

    [Test]
    public void A_split_without_a_seed_keeps_the_order()
    {
        (Dataset first, Dataset second) = Numbered(5, ofBytes: false).Split(2);

        Assert.That((Ids(first), Ids(second)), Is.EqualTo((new[] { 0, 1 }, new[] { 2, 3, 4 })));
    }

    [Test]
    public void A_split_that_leaves_a_part_empty_is_refused()
    {
        Dataset data = Numbered(4, ofBytes: false);

        Assert.That(
            () => data.Split(0.1, seed: 1),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "'share' is 0.1, which is 0 of 4 rows; it must leave both parts a row."));
        Assert.That(
            () => data.Split(double.NaN, seed: 1),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "'share' is NaN; it must be above 0 and below 1."));
        foreach (int count in new[] { 0, 4 })
            Assert.That(
                () => data.Split(count, seed: 1),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                    $"'count' is {count}; it must leave both parts a row, so be from 1 to 3."));
    }

    [Test]
    public void Where_chooses_by_number_and_label_and_keeps_the_classes()
    {
        Dataset chosen = Numbered(10, ofBytes: true).Where((row, label) => row > 3 && label != 1);

        Assert.That(Ids(chosen), Is.EqualTo(new[] { 5, 6, 8, 9 }));
        Assert.That((chosen.ClassCount, chosen.HasBytes), Is.EqualTo((3, true)));
        Assert.That(
            () => chosen.Where((_, _) => false),
            Throws.ArgumentException.With.Message.StartsWith(
                "'condition' holds for none of 4 rows; a data set must have at least one row."));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Select_takes_rows_in_any_order_and_more_than_once(bool ofBytes)
    {
        Dataset chosen = Numbered(5, ofBytes).Select([4, 0, 4]);

        Assert.That(Ids(chosen), Is.EqualTo(new[] { 4, 0, 4 }));
        Assert.That(chosen.Labels.ToArray(), Is.EqualTo(new[] { 1, 0, 1 }));
        Assert.That(chosen.HasBytes, Is.EqualTo(ofBytes));
    }

    [Test]
    public void Select_refuses_what_is_no_row()
    {
        Dataset data = Numbered(5, ofBytes: false);

        Assert.That(
            () => data.Select([]),
            Throws.ArgumentException.With.Message.StartsWith("'rows' is empty; a data set must have at least one row."));
        foreach (int row in new[] { -1, 5 })
            Assert.That(
                () => data.Select([0, row]),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                    $"'rows' has {row} at 1; it must be at least 0 and below the number of rows, 5."));
    }

    [Test]
    public void Select_of_more_values_than_an_array_holds_is_refused_before_memory_is_taken()
    {
        var data = Dataset.FromBytes(new byte[100_000], new int[1], 100_000, 2);
        int[] rows = new int[30_000];

        Refusal.TakesNoMemory(
            () => data.Select(rows),
            Throws.ArgumentException.With.Message.Contains("'rows.Length' times 'FeatureCount' is 3,000,000,000"));
    }

    [Test]
    public void Class_names_stay_with_the_data_and_out_of_the_fingerprint()
    {
        Dataset data = Numbered(10, ofBytes: false), named = data.WithClassNames("a", "b", "c");
        Dataset[] all =
        [
            named, named.Take(3), named.Split(3).First, named.Split(3).Second, named.Shuffle(1), named.Split(0.5, 1).Second,
            named.Where((row, _) => row > 5), named.Select([1]), Standardization.Fit(named).Apply(named),
        ];

        foreach (Dataset some in all) Assert.That(some.ClassNames, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(data.ClassNames, Is.Null);
        Assert.That(Described.TextOf(named), Is.EqualTo(Described.TextOf(data)));
    }

    [Test]
    public void Class_names_that_do_not_fit_are_refused()
    {
        Dataset data = Numbered(10, ofBytes: false);

        Assert.That(
            () => data.WithClassNames("a", "b"),
            Throws.ArgumentException.With.Message.StartsWith("'names' has length 2; it must have a name for each class, 3."));
        Assert.That(
            () => data.WithClassNames("a", "", "c"),
            Throws.ArgumentException.With.Message.StartsWith("'names' has no text at 1; it must be a name."));
        Assert.That(
            () => data.WithClassNames("a", "b", "a"),
            Throws.ArgumentException.With.Message.StartsWith("'names' has 'a' twice; every class must have its own."));
        Assert.That(
            () => data.WithClassNames("a", "b", "\ud800"),
            Throws.ArgumentException.With.Message.StartsWith("'names' holds half a surrogate pair at 0"));
    }

    // Row i has the features i and i + 100, and the label i mod 3.
    private static Dataset Numbered(int rows, bool ofBytes)
    {
        byte[] bytes = [.. Enumerable.Range(0, rows).SelectMany(i => new[] { (byte)i, (byte)(i + 100) })];
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 3)];
        return ofBytes
            ? Dataset.FromBytes(bytes, labels, 2, 3, scale: 1)
            : Dataset.FromFloats(Array.ConvertAll(bytes, value => (float)value), labels, 2, 3);
    }

    private static int[] Ids(Dataset data)
    {
        float[] row = new float[data.FeatureCount];
        return [.. Enumerable.Range(0, data.Count).Select(i =>
        {
            data.CopyRow(i, row);
            if (row.Length == 2) Assert.That(row[1], Is.EqualTo(row[0] + 100));
            return (int)row[0];
        })];
    }
}
