using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

internal sealed class FingerprintTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 37))];
    private static readonly int[] Labels = Numbers.Labels(1, 20, 3);
    private static readonly string Expected = Data().FingerprintText;

    [Test]
    public void It_has_16_digits_and_repeats()
    {
        Assert.That(Expected, Does.Match("^[0-9a-f]{16}$"));
        Assert.That(Data().FingerprintText, Is.EqualTo(Expected));
    }

    [Test]
    public void Every_byte_and_label_of_a_small_data_set_counts()
    {
        for (int i = 0; i < Bytes.Length; i++)
        {
            byte[] bytes = [.. Bytes];
            bytes[i]++;
            Assert.That(Data(bytes).FingerprintText, Is.Not.EqualTo(Expected), $"byte {i}");
        }

        for (int i = 0; i < Labels.Length; i++)
        {
            int[] labels = [.. Labels];
            labels[i] = (labels[i] + 1) % 3;
            Assert.That(Data(labels: labels).FingerprintText, Is.Not.EqualTo(Expected), $"label {i}");
        }
    }

    [Test]
    public void Every_label_and_some_rows_of_a_large_data_set_count()
    {
        const int Rows = 5000;
        float[] features = new float[Rows];
        int[] labels = new int[Rows];
        string before = Of(features, labels);
        int changed = 0;
        for (int i = 0; i < Rows; i++)
        {
            features[i] = 1;
            if (Of(features, labels) != before) changed++;
            features[i] = 0;
        }

        Assert.That(changed, Is.EqualTo(1024));
        foreach (int row in new[] { 0, Rows - 1 })
        {
            features[row] = 1;
            Assert.That(Of(features, labels), Is.Not.EqualTo(before), $"row {row}");
            features[row] = 0;
        }

        labels[1] = 1;
        Assert.That(Of(features, labels), Is.Not.EqualTo(before));

        static string Of(float[] features, int[] labels) => Dataset.FromFloats(features, labels, 1, 2).FingerprintText;
    }

    [Test]
    public void One_row_has_one_too() =>
        Assert.That(SmallData.Floats(1).FingerprintText, Does.Match("^[0-9a-f]{16}$"));

    [Test]
    public void The_order_of_rows_counts() =>
        Assert.That(Fingerprint.Of([1, 2, 3]), Is.Not.EqualTo(Fingerprint.Of([1, 3, 2])));

    private static Dataset Data(byte[]? bytes = null, int[]? labels = null) =>
        Dataset.FromBytes(bytes ?? Bytes, labels ?? Labels, 3, 3, scale: 0.5f, shift: -1);
}
