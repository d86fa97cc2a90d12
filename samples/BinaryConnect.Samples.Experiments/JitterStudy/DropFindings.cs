namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>Sentences about the largest fall, from its numbers.</summary>
internal static class DropFindings
{
    /// <summary>The sentences.</summary>
    public static IEnumerable<string> Of(JitterRun run, DropCauses causes)
    {
        JitterDrop drop = run.Drop;
        int weights = drop.Before.Weights.Length;
        if (drop.Fall <= 0)
        {
            yield return $"Accuracy fell in no step from {run.FirstStep:N0} on; step {drop.Step:N0} raised it least, "
                + $"from {drop.Before.Accuracy:F4} to {drop.After.Accuracy:F4}.";
            yield break;
        }

        yield return $"The largest fall of accuracy came in step {drop.Step:N0}: from {drop.Before.Accuracy:F4} to "
            + $"{drop.After.Accuracy:F4}. ‖Δw‖₁ of that step is {drop.Result.WeightChange:F2}, and {drop.Result.SignFlips:N0} of "
            + $"{weights:N0} signs flipped. (Notebook: from 0.60 to 0.55 between steps 97 and 98, ‖Δw‖₁ 7.68, 31 signs.)";
        yield return $"Before the step {drop.FlippedNearZero:N0} of the {drop.Result.SignFlips:N0} flipped weights were within "
            + $"{JitterDrop.Near} of 0, as were {drop.NearZero:N0} of all {weights:N0} weights. "
            + $"The step moved a weight by {drop.Result.WeightChange / weights:F4} in the mean, but a flipped sign moves by 2.";
        yield return Cause(drop, causes);
        yield return Direction(drop, causes);
        yield return Flow(causes);
        yield return Rank(run);
    }

    // The parts of a fall need not sum up to it; a part is named the cause if it alone gives most of the fall.
    private static string Cause(JitterDrop drop, DropCauses causes)
    {
        double byFlips = drop.Before.Accuracy - causes.FlipsAlone, byBiases = drop.Before.Accuracy - causes.BiasesAlone;
        string figures = $"with the new signs and the old biases accuracy is {causes.FlipsAlone:F4}, "
            + $"with the old signs and the new biases {causes.BiasesAlone:F4}";
        bool areFlips = byFlips >= drop.Fall / 2, areBiases = byBiases >= drop.Fall / 2;
        return (areFlips, areBiases) switch
        {
            (true, false) => $"The flipped signs alone cause most of the fall: {figures}.",
            (false, true) => $"The biases alone cause most of the fall, not the flipped signs: {figures}.",
            (true, true) => $"Flipped signs and biases each cause most of the fall alone: {figures}.",
            _ => $"Neither the flipped signs nor the biases alone cause most of the fall: {figures}.",
        };
    }

    // The gradient of a class is one sum over the batch's images, so its weights near 0 move the same way.
    private static string Direction(JitterDrop drop, DropCauses causes)
    {
        (int Class, bool IsUp)[] flips = [.. drop.Flipped.Select(i => (i / drop.MeanImage.Length, drop.After.Weights[i] >= 0))];
        IGrouping<int, (int Class, bool IsUp)>[] classes = [.. flips.GroupBy(flip => flip.Class)];
        int alike = classes.Count(group => group.All(flip => flip.IsUp) || group.All(flip => !flip.IsUp));
        double[] changes = drop.ScoreChanges;
        int up = Array.IndexOf(changes, changes.Max()), down = Array.IndexOf(changes, changes.Min());
        return $"The flips are in {classes.Length} classes; in {alike} of them all flips have the same direction. With the "
            + $"biases they move the score of class {up} by {changes[up]:+0.00;−0.00} and that of class {down} by "
            + $"{changes[down]:+0.00;−0.00} for the mean image. The best score led the second by {causes.Margin:F2} (median).";
    }

    private static string Flow(DropCauses causes)
    {
        int most = Array.IndexOf(causes.Gained, causes.Gained.Max()), least = Array.IndexOf(causes.Gained, causes.Gained.Min());
        return $"{causes.Changed:N0} of the test images changed their class. Class {most} gained {causes.Gained[most]:N0} of "
            + $"them, and class {least} lost {-causes.Gained[least]:N0} (gains less losses).";
    }

    private static string Rank(JitterRun run)
    {
        double change = run.Drop.Result.WeightChange;
        int flips = run.Drop.Result.SignFlips, steps = run.Counted.Count();
        int larger = run.Counted.Count(step => step.WeightChange > change);
        int more = run.Counted.Count(step => step.SignFlips > flips);
        double[] moves = [.. run.Changes.Select(Math.Abs)];
        double byFlips = Numbers.Correlation([.. run.Counted.Select(step => (double)step.SignFlips)], moves);
        double byShift = Numbers.Correlation([.. run.Shifts.Skip(run.FirstStep - 1)], moves);

        // A correlation is NaN if its figures do not vary.
        string cause = !(byShift >= 0.5) && !(byFlips >= 0.5) ? "So neither goes closely with larger changes"
            : byShift > byFlips + 0.2 ? "So it matters more which signs flip than how many"
            : byFlips > byShift + 0.2 ? "So it matters more how many signs flip than which"
            : "So number and direction of the flips tell about as much";
        return $"Of the {steps:N0} steps from {run.FirstStep:N0} on, {larger:N0} have a larger ‖Δw‖₁ and {more:N0} flip more "
            + $"signs. Over these steps |change of accuracy| has a correlation of {byFlips:F2} with the number of flips, and of "
            + $"{byShift:F2} with how far the step moved the classes' scores apart. {cause}.";
    }
}
