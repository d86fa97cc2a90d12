using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The accuracies that the recipes promise, over five seeds on the real data.</summary>
internal sealed class RecipeTests
{
    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

    [Test]
    public void The_tutorial_recipe_reaches_the_tutorials_accuracy_and_its_stop_rule_fires()
    {
        TrainingReport[] reports = Array.ConvertAll(Seeds, seed => Train(seed, RecipeKind.Tutorial));
        double[] best = Array.ConvertAll(reports, report => report.BestEvaluation!.Accuracy);

        TestContext.Out.WriteLine(
            $"best: {string.Join(", ", best)}; steps: {string.Join(", ", reports.Select(report => report.Steps.Count))}");
        Assert.That(best.Average(), Is.GreaterThanOrEqualTo(0.85));
        Assert.That(best, Is.All.GreaterThanOrEqualTo(0.82));
        Assert.That(reports.Select(report => report.StopReason), Is.All.EqualTo(StopReason.ScheduleStopped));
        Assert.That(reports.Select(report => report.RateChanges.Count), Is.All.EqualTo(5));
    }

    [Test]
    public void The_best_recipe_reaches_91_2_percent_with_one_bit_weights()
    {
        double[] final = Array.ConvertAll(Seeds, seed => Train(seed, RecipeKind.Best).FinalEvaluation!.Accuracy);

        TestContext.Out.WriteLine($"final: {string.Join(", ", final)}; mean {final.Average():F4}");
        Assert.That(final.Average(), Is.GreaterThanOrEqualTo(0.912));
    }

    private static TrainingReport Train(int seed, RecipeKind kind)
    {
        var recipe = Recipe.For(new Arguments(seed, null, BinarizerKind.Deterministic, kind, MnistData.Folder, null));
        TrainingReport report = new Trainer(recipe.Options).Fit(recipe.Model, recipe.Mnist.Train, recipe.Mnist.Test);
        foreach (float weight in ((LogisticModel)recipe.Model).Weights.Effective)
        {
            if (weight is not (1 or -1)) Assert.Fail($"A weight of {weight} is no sign.");
        }

        return report;
    }
}
