namespace BinaryConnect.Schedules;

/// <summary>
/// The learning rate of every step. Most schedules need <see cref="RateAt"/> alone. A schedule that listens to
/// evaluations also implements the other members. A schedule serves one run at a time.
/// </summary>
public interface ILearningRateSchedule
{
    /// <summary>Whether the schedule is useful only in a run with evaluations.</summary>
    bool ListensToEvaluations => false;

    /// <summary>
    /// The schedule's memory of evaluations, to be saved or set; empty when it has none. A schedule with such memory
    /// must implement it, or its runs cannot be resumed. Its setter must refuse an invalid state before it changes
    /// anything.
    /// </summary>
    IReadOnlyList<double> State
    {
        get => [];
        set { }
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">The number of the step, from 0.</param>
    /// <returns>α, finite and not negative.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="step"/> is negative; the schedules of this library refuse it.
    /// </exception>
    float RateAt(int step);

    /// <summary>Takes note of an evaluation, which may change later rates.</summary>
    /// <param name="loss">The evaluated loss, finite.</param>
    /// <returns>Whether the run should stop.</returns>
    bool Observe(double loss) => false;

    /// <summary>Forgets every evaluation; called before a run.</summary>
    void Reset()
    {
    }
}
