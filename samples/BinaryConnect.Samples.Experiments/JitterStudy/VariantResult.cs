namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>The figures of one way to train, over seeds.</summary>
/// <param name="Name">The way.</param>
/// <param name="Jitter">The mean |change of accuracy| by a step.</param>
/// <param name="LargestFall">The largest fall of accuracy by a step.</param>
/// <param name="Flips">The mean number of flipped signs of a step.</param>
/// <param name="WeightChange">The mean ‖Δw‖₁ of a step.</param>
/// <param name="FinalAccuracy">The accuracy after the last step.</param>
internal sealed record VariantResult(
    string Name, Spread Jitter, Spread LargestFall, Spread Flips, Spread WeightChange, Spread FinalAccuracy)
{
    /// <summary>The figures of these runs.</summary>
    public static VariantResult Of(string name, IReadOnlyList<JitterRun> runs)
    {
        return new VariantResult(
            name,
            Over(run => run.Jitter),
            Over(run => run.Drop.Fall),
            Over(run => run.Counted.Average(step => step.SignFlips)),
            Over(run => run.Counted.Average(step => step.WeightChange)),
            Over(run => run.Accuracies[^1]));

        Spread Over(Func<JitterRun, double> figure) => Spread.Of([.. runs.Select(figure)]);
    }
}
