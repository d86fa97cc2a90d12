using BinaryConnect.Data;

namespace BinaryConnect.Tests.Data;

internal sealed class BatchTests
{
    [Test]
    public void It_views_features_and_labels_without_copying()
    {
        float[] features = [1, 2, 3, 4, 5, 6];
        int[] labels = [1, 0];

        var batch = new Batch(features, labels);
        features[5] = 9;
        labels[1] = 7;

        Assert.That((batch.Count, batch.FeatureCount), Is.EqualTo((2, 3)));
        Assert.That(batch.Features.ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 9 }));
        Assert.That(batch.Labels.ToArray(), Is.EqualTo(new[] { 1, 7 }));
    }

    [Test]
    public void The_default_is_empty()
    {
        Batch batch = default;

        Assert.That((batch.Count, batch.FeatureCount, batch.Features.Length), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void It_needs_a_label_and_whole_rows()
    {
        Assert.That(
            () => new Batch([1, 2], []).Count,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
                "'labels.Length' is 0; it must be at least 1. (Parameter 'labels.Length')"));
        Assert.That(
            () => new Batch([1, 2, 3], [0, 1]).Count,
            Throws.ArgumentException.With.Message.EqualTo(
                "'features' has length 3; it must be a whole number of rows of 'labels.Length', 2. (Parameter 'features')"));
    }
}
