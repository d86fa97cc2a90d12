using System.Globalization;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>The facts of a run that are shown while it goes on.</summary>
/// <param name="Place">Where it is, such as "step 200 of 10,000".</param>
/// <param name="Figures">The figures of a training; null if there are none.</param>
internal sealed record RunFacts(string Place, RunFacts.Training? Figures = null)
{
    /// <summary>All in one line.</summary>
    public override string ToString() => Figures is Training f
        ? $"{Place} · {100 * f.Share:F0} % · {Clock(f.Left)} left · {f.Pace} · {f.Accuracy}"
        : Place;

    /// <summary>A time as hours, minutes and seconds.</summary>
    public static string Clock(TimeSpan time) => $"{(int)time.TotalHours}:{time:mm\\:ss}";

    /// <summary>A number below 10¹⁰ in at most seven characters, large ones in millions.</summary>
    public static string Short(double number) => number < 999_999.5
        ? number.ToString(number < 100 ? "N1" : "N0", CultureInfo.InvariantCulture)
        : (number / 1e6).ToString(number < 100e6 ? "N1" : "N0", CultureInfo.InvariantCulture) + "M";

    /// <summary>The figures of a training.</summary>
    /// <param name="Share">The share of its steps that are done, from 0 to 1.</param>
    /// <param name="Left">The time that the others will take.</param>
    /// <param name="Loss">The loss of the last batch.</param>
    /// <param name="Rate">The learning rate.</param>
    /// <param name="FlipsPerStep">Signs that flipped in a step, the mean of a second.</param>
    /// <param name="StepsPerSecond">Steps a second.</param>
    /// <param name="AccuracyName">The name of the accuracy.</param>
    /// <param name="Accuracies">The accuracies of all evaluations, in order.</param>
    internal sealed record Training(
        double Share,
        TimeSpan Left,
        double Loss,
        float Rate,
        double FlipsPerStep,
        double StepsPerSecond,
        string AccuracyName,
        IReadOnlyList<double> Accuracies)
    {
        /// <summary>Loss, rate, flips and steps.</summary>
        public string Pace =>
            $"batch loss {Loss:F4} · rate {Rate:G4} · {Short(FlipsPerStep)} flips a step · "
            + $"{Short(StepsPerSecond)} steps a second";

        /// <summary>The last accuracy, and the best.</summary>
        public string Accuracy => Accuracies.Count == 0
            ? $"no {AccuracyName} yet"
            : $"{AccuracyName} {Accuracies[^1]:F4}, best {Accuracies.Max():F4}";
    }
}
