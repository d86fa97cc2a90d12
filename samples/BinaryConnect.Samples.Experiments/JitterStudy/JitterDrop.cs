using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>A step, and the states before and after it.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Result">Loss, flips and ‖Δw‖₁.</param>
/// <param name="Before">The state before the step.</param>
/// <param name="After">The state after it.</param>
/// <param name="MeanImage">The mean image of the test set.</param>
internal sealed record JitterDrop(int Step, StepResult Result, ModelState Before, ModelState After, float[] MeanImage)
{
    /// <summary>A latent weight closer to 0 than this is near it.</summary>
    public const float Near = 0.01f;

    /// <summary>The fall of accuracy by the step; negative if accuracy rose.</summary>
    public double Fall => Before.Accuracy - After.Accuracy;

    /// <summary>Δw of each latent weight.</summary>
    public double[] Changes => [.. After.Weights.Zip(Before.Weights, (after, before) => (double)after - before)];

    /// <summary>The indexes of the weights whose sign flipped.</summary>
    public int[] Flipped =>
        [.. Enumerable.Range(0, Before.Weights.Length).Where(i => Before.Weights[i] >= 0 != After.Weights[i] >= 0)];

    /// <summary>The change of each class's score for the mean image, by flipped signs and biases.</summary>
    public double[] ScoreChanges
    {
        get
        {
            double[] changes = [.. After.Bias.Zip(Before.Bias, (after, before) => (double)after - before)];
            foreach (int i in Flipped)
                changes[i / MeanImage.Length] += (After.Weights[i] >= 0 ? 2 : -2) * MeanImage[i % MeanImage.Length];
            return changes;
        }
    }

    /// <summary>The number of flipped weights that were near 0 before the step.</summary>
    public int FlippedNearZero => Flipped.Count(i => MathF.Abs(Before.Weights[i]) < Near);

    /// <summary>The number of all weights that were near 0 before the step.</summary>
    public int NearZero => Before.Weights.Count(weight => MathF.Abs(weight) < Near);
}
