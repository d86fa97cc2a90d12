using BinaryConnect.Schedules;

namespace BinaryConnect.Tests.Support;

/// <summary>Records its calls; the test sets the rate and the wish to stop.</summary>
internal sealed class StubSchedule : ILearningRateSchedule
{
    public List<double> Observed { get; } = [];

    public List<int> Asked { get; } = [];

    public int Resets { get; private set; }

    public Func<StubSchedule, int, float> Rate { get; init; } = (_, _) => 0.1f;

    public Func<StubSchedule, bool> Stops { get; init; } = _ => false;

    public bool ListensToEvaluations { get; init; } = true;

    public float RateAt(int step)
    {
        Asked.Add(step);
        return Rate(this, step);
    }

    public bool Observe(double loss)
    {
        Observed.Add(loss);
        return Stops(this);
    }

    public void Reset()
    {
        Observed.Clear();
        Resets++;
    }
}
