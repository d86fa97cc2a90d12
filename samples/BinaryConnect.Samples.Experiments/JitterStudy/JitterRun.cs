using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments.JitterStudy;

/// <summary>
/// A short run that is tested after every step. The first quarter of its steps is left out: there accuracy rises from
/// chance.
/// </summary>
/// <param name="Report">The results of all steps.</param>
/// <param name="Drop">The step of the largest fall of accuracy, with the states before and after it.</param>
/// <param name="Shifts">
/// For each step, the largest less the smallest change of a class's score for the mean image; index 0 is step 1.
/// </param>
internal sealed record JitterRun(TrainingReport Report, JitterDrop Drop, IReadOnlyList<double> Shifts)
{
    /// <summary>The steps of the full experiment, and the least it can do with.</summary>
    public const int Steps = 200, LeastSteps = 8;

    /// <summary>The test accuracy after each step; index 0 is step 1.</summary>
    public double[] Accuracies { get; } = [.. Report.Evaluations.Select(evaluation => evaluation.Accuracy)];

    /// <summary>The first step that counts.</summary>
    public int FirstStep => FirstOf(Report.Steps.Count);

    /// <summary>The results of the steps that count.</summary>
    public IEnumerable<StepResult> Counted => Report.Steps.Skip(FirstStep - 1);

    /// <summary>The changes of accuracy by the steps that count.</summary>
    public double[] Changes =>
        [.. Accuracies.Zip(Accuracies.Skip(1), (before, after) => after - before).Skip(FirstStep - 2)];

    /// <summary>The mean of |change of accuracy| by a step.</summary>
    public double Jitter => Changes.Average(Math.Abs);

    /// <summary>Trains, and tests after each step.</summary>
    public static JitterRun Of(
        ExperimentSettings settings, string what, TrainerOptions options, LogisticModel model, Data.Mnist data)
    {
        int steps = settings.StepsOf(Steps, LeastSteps);
        ModelState last = ModelState.Of(model, double.NaN);
        JitterDrop? drop = null;
        var shifts = new List<double>();
        float[] meanImage = MeanImage(data.Test);
        TrainingReport report = Fitting.Run(
            settings, what, options with { MaxSteps = steps, EvaluateEverySteps = 1 }, model, data.Train, data.Test, progress =>
            {
                ModelState state = ModelState.Of(model, progress.Evaluation!.Accuracy);
                var step = new JitterDrop(progress.Step, progress.Result, last, state, meanImage);
                double[] changes = step.ScoreChanges;
                shifts.Add(changes.Max() - changes.Min());
                if (progress.Step >= FirstOf(steps) && !(step.Fall <= drop?.Fall)) drop = step;
                last = state;
            });
        return new JitterRun(report, drop!, shifts);
    }

    private static float[] MeanImage(Dataset images)
    {
        float[] mean = new float[images.FeatureCount], image = new float[images.FeatureCount];
        for (int row = 0; row < images.Count; row++)
        {
            images.CopyRow(row, image);
            for (int i = 0; i < mean.Length; i++) mean[i] += image[i] / images.Count;
        }

        return mean;
    }

    private static int FirstOf(int steps) => (steps / 4) + 1;
}
