namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>The runs of one way to train, one for each seed.</summary>
internal sealed record VariantRuns(string Name, IReadOnlyList<JitterRun> Runs)
{
    /// <summary>The mean |change of accuracy| by a step.</summary>
    public Spread Jitter { get; } = Over(Runs, run => run.Jitter);

    /// <summary>The largest fall of accuracy by a step.</summary>
    public Spread LargestFall { get; } = Over(Runs, run => run.Drop.Fall);

    /// <summary>The mean number of flipped signs of a step.</summary>
    public Spread Flips { get; } = Over(Runs, run => run.Counted.Average(step => step.SignFlips));

    /// <summary>The mean ‖Δw‖₁ of a step.</summary>
    public Spread WeightChange { get; } = Over(Runs, run => run.Counted.Average(step => step.WeightChange));

    /// <summary>The accuracy after the last step.</summary>
    public Spread FinalAccuracy { get; } = Over(Runs, run => run.Accuracies[^1]);

    private static Spread Over(IReadOnlyList<JitterRun> runs, Func<JitterRun, double> figure) =>
        Spread.Of([.. runs.Select(figure)]);
}
