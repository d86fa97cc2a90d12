namespace BinaryConnect.Schedules;

/// <summary>
/// The learning rate of every step. Most schedules need <see cref="RateAt"/> alone; one that listens to evaluations also
/// implements the other members. A schedule serves one run at a time.
/// </summary>
public interface ILearningRateSchedule
{
    /// <summary>Whether the schedule is of use only when the run is evaluated.</summary>
    bool ListensToEvaluations => false;

    /// <summary>
    /// What the schedule remembers of evaluations, to be saved or set; empty where it remembers nothing. One that does must implement
    /// it for its runs to be resumed, and refuse what is no state of its own before anything changes.
    /// </summary>
    IReadOnlyList<double> State
    {
        get => [];
        set { }
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Which, from 0.</param>
    /// <returns>α, finite and not negative.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="step"/> is negative; the schedules of this library refuse it.
    /// </exception>
    float RateAt(int step);

    /// <summary>Takes note of an evaluation; later rates may differ for it.</summary>
    /// <param name="loss">The evaluated loss, finite.</param>
    /// <returns>Whether the run should stop.</returns>
    bool Observe(double loss) => false;

    /// <summary>Forgets every evaluation; called before a run.</summary>
    void Reset()
    {
    }
}
