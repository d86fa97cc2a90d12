using System.Globalization;
using BinaryConnect.Losses;
using BinaryConnect.Schedules;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>
/// Samples of a schedule or a loss at a few points, for one that does not describe its settings. Results may differ
/// slightly between machines, so samples are compared to five digits.
/// </summary>
internal sealed class SettingsSamples
{
    private const double Tolerance = 1e-5;
    private const int MostRows = 4, MostClasses = 1 << 16, MostGradients = 16, LongestText = 32 * MostGradients;

    private static readonly int[] Steps =
        [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _objects = new(StringComparer.Ordinal);

    /// <summary>Numbers, separated by spaces, by key.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The keys of the objects that have samples.</summary>
    public IReadOnlySet<string> Objects => _objects;

    /// <summary>
    /// Samples the first rates of a schedule after a reset, up to the first one that throws. Its state is restored.
    /// </summary>
    public void AddRates(string key, ILearningRateSchedule schedule)
    {
        double[] before = [.. schedule.State];
        schedule.Reset();
        try
        {
            foreach (int step in Steps)
            {
                if (!TryAdd($"{key}.rate_at_{step}", () => [schedule.RateAt(step)])) break;
                _objects.Add(key);
            }
        }
        finally
        {
            schedule.State = before;
        }
    }

    /// <summary>
    /// Samples the value and the gradient of a loss for a small batch; nothing if the loss refuses the batch.
    /// </summary>
    public void AddLoss(string key, ILoss loss, int classes, int batchSize)
    {
        if (classes > MostClasses) return;
        int rows = Math.Min(MostRows, batchSize);
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % classes)];

        // Multiples of 1/4 from −1.5 to 1.5, on both sides of a margin of 1.
        float[] logits = [.. Enumerable.Range(0, rows * classes).Select(i => (i * 7 % 13 - 6) / 4f)];
        float[] gradient = new float[logits.Length];
        if (TryAdd($"{key}.sample_value", () => [loss.Compute(logits, labels)])
            && TryAdd($"{key}.sample_gradient", () => GradientOf(loss, logits, labels, gradient))) _objects.Add(key);
    }

    /// <summary>Whether two texts of a sample have the same numbers, to five digits of the largest one.</summary>
    public bool AreSame(string key, string text, string other)
    {
        bool areNumbers = TryParse(text, out double[] values) & TryParse(other, out double[] others);
        if (!_texts.ContainsKey(key) || !areNumbers) return false;
        double largest = values.Concat(others).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        return values.Length == others.Length
            && values.Zip(others).All(pair => AreSame(pair.First, pair.Second, Tolerance * largest));
    }

    private static bool AreSame(double value, double other, double tolerance) =>
        value.Equals(other) || Math.Abs(value - other) <= tolerance;

    private static double[] GradientOf(ILoss loss, float[] logits, int[] labels, float[] gradient)
    {
        loss.Compute(logits, labels, gradient);
        return Array.ConvertAll(gradient[..Math.Min(MostGradients, gradient.Length)], value => (double)value);
    }

    private static bool TryParse(string text, out double[] values)
    {
        // The parts of a long text would take several times its memory.
        string[] parts = text.Length <= LongestText ? text.Split(' ') : [""];
        values = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])) return false;
        }

        return true;
    }

    // Any exception of the user's code only means that the run has no such sample.
    private bool TryAdd(string key, Func<double[]> sample)
    {
        try
        {
            _texts[key] = string.Join(' ', sample().Select(value => ((float)value).ToString(CultureInfo.InvariantCulture)));
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
