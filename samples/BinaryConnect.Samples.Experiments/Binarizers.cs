using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Training;
using ScottPlot;

namespace BinaryConnect.Samples.Experiments;

/// <summary>Real, deterministic and stochastic weights in training, and the paper's three ways at test time.</summary>
internal sealed class Binarizers : IExperiment
{
    private const int Networks = 10;
    private const string Signs = "signs (1)", Latent = "latent (2)", Sampled = "average (3)";
    private static readonly int[] NetworkCounts = [1, 2, 5, 10, 20, 50];

    public string Name => "binarizers";

    public string Question =>
        "Deterministic or stochastic signs in training, and which of the paper's three ways at test time?";

    public Report Run(ExperimentSettings settings)
    {
        var accuracies = new Figures<(string Recipe, WeightKind Kind, string Test)>();
        var averages = new Figures<(string Recipe, int Networks)>();
        DigitRecipe[] recipes = [new NotebookRecipe(), new BestRecipe()];
        foreach (DigitRecipe recipe in recipes)
        {
            Data.Mnist data = recipe.Load(settings.DataFolder);
            foreach (int seed in settings.Seeds)
            {
                foreach (WeightKind kind in Enum.GetValues<WeightKind>())
                {
                    TrainedDigits run = recipe.Train(settings, data, seed, kind);
                    foreach ((string test, double accuracy) in Test(run, kind, seed, data.Test))
                        accuracies.Add((recipe.Name, kind, test), accuracy);
                    if (kind != WeightKind.Stochastic) continue;
                    foreach (int networks in NetworkCounts)
                    {
                        settings.Cancellation.ThrowIfCancellationRequested();
                        averages.Add((recipe.Name, networks), Average(run, seed, networks, data.Test));
                    }
                }
            }
        }

        return new Report(
            "Binarizers, and the three ways at test time",
            "Softmax regression on MNIST, accuracy on the 10,000 test images after the last step. Test time has the paper's "
            + "three ways (section 2.6): (1) the signs of the latent weights, which is the one-bit model; (2) the real latent "
            + $"weights; (3) the average of {Networks} networks whose signs are drawn. Only (1) is a one-bit result.")
        {
            Findings = [.. recipes.SelectMany(recipe => Findings(recipe.Name, accuracies, averages))],
            Tables =
            [
                SpreadTable.Of(
                    "accuracy",
                    "Test accuracy by weights in training and at test, over seeds",
                    [new Column("recipe", "recipe"), new Column("training", "training"), new Column("test", "test")],
                    accuracies.All.Select(row =>
                        (new object?[] { row.Key.Recipe, NameOf(row.Key.Kind), row.Key.Test }, row.Figure))),
                SpreadTable.Of(
                    "averages",
                    "Stochastic training, tested by the average of drawn networks",
                    [new Column("recipe", "recipe"), new Column("networks", "networks")],
                    averages.All.Select(row => (new object?[] { row.Key.Recipe, row.Key.Networks }, row.Figure))),
            ],
            Pictures = [DrawAccuracies(accuracies), DrawAverages(recipes, accuracies, averages)],
        };
    }

    private static IEnumerable<(string Test, double Accuracy)> Test(
        TrainedDigits run, WeightKind kind, int seed, Dataset test)
    {
        // The experiment post-training tests the signs of weights that were trained as real ones.
        if (kind != WeightKind.Real) yield return (Signs, AccuracyOf(EvaluationWeights.Inference));
        yield return (Latent, AccuracyOf(EvaluationWeights.Latent));
        if (kind != WeightKind.Real) yield return (Sampled, Average(run, seed, Networks, test));

        double AccuracyOf(EvaluationWeights weights) =>
            new Trainer(run.Options).Evaluate(run.Model, test, weights).Accuracy;
    }

    private static double Average(TrainedDigits run, int seed, int networks, Dataset test)
    {
        var trainer = new Trainer(run.Options with
        {
            Binarizer = new StochasticBinarizer(seed),
            EvaluationSamples = networks,
        });
        return trainer.Evaluate(run.Model, test, EvaluationWeights.SampledAverage).Accuracy;
    }

    private static IEnumerable<string> Findings(
        string recipe,
        Figures<(string Recipe, WeightKind Kind, string Test)> accuracies,
        Figures<(string Recipe, int Networks)> averages)
    {
        Spread deterministic = accuracies.Of((recipe, WeightKind.Deterministic, Signs));
        Spread stochastic = accuracies.Of((recipe, WeightKind.Stochastic, Signs));
        yield return $"One bit a weight, {recipe} recipe: "
            + $"{Sentence.Change("stochastic instead of deterministic training", deterministic, stochastic)}.";
        foreach (WeightKind kind in (WeightKind[])[WeightKind.Deterministic, WeightKind.Stochastic])
        {
            (string Test, Spread Figure)[] ways = [.. ((string[])[Signs, Latent, Sampled]).Select(test =>
                (test, accuracies.Of((recipe, kind, test))))];
            (string best, Spread figure) = ways.MaxBy(way => way.Figure.Mean);
            string[] equal =
                [.. ways.Where(way => way.Test != best && !Sentence.IsClear(way.Figure, figure)).Select(way => way.Test)];
            yield return $"After {NameOf(kind)} training by the {recipe} recipe, the best way at test is {best} with {figure}"
                + (equal.Length == 0 ? ", clearly above the others." : $"; not clearly below: {string.Join(" and ", equal)}.");
        }

        Spread one = averages.Of((recipe, NetworkCounts[0])), many = averages.Of((recipe, NetworkCounts[^1]));
        string average = $"averaging {NetworkCounts[^1]} drawn networks instead of {NetworkCounts[0]}";
        yield return $"After stochastic training by the {recipe} recipe, {Sentence.Change(average, one, many)}.";
    }

    private static string NameOf(WeightKind kind) => kind.ToString().ToLowerInvariant();

    private static Picture DrawAccuracies(Figures<(string Recipe, WeightKind Kind, string Test)> accuracies)
    {
        string[] ways = [Signs, Latent, Sampled];
        return Picture.Of(
            "accuracy",
            "Test accuracy by recipe, weights in training and weights at test. Lines show ± one standard deviation over seeds.",
            Charts.Bars(
                "Weights in training and at test",
                "accuracy (share of the test images)",
                [.. accuracies.All.Select(row => (
                    $"{row.Key.Recipe}, {NameOf(row.Key.Kind)}: {row.Key.Test}",
                    row.Figure,
                    Array.IndexOf(ways, row.Key.Test)))]),
            height: 620);
    }

    private static Picture DrawAverages(
        DigitRecipe[] recipes,
        Figures<(string Recipe, WeightKind Kind, string Test)> accuracies,
        Figures<(string Recipe, int Networks)> averages)
    {
        Plot plot = PictureStyle.Create(
            "Stochastic training: the average of drawn networks", "number of drawn networks", "test accuracy (share)");
        double[] positions = [.. Enumerable.Range(0, NetworkCounts.Length).Select(i => (double)i)];
        for (int i = 0; i < recipes.Length; i++)
        {
            string recipe = recipes[i].Name;
            Spread[] figures = [.. NetworkCounts.Select(networks => averages.Of((recipe, networks)))];
            Charts.AddSpreadLine(plot, positions, figures, $"{recipe} recipe: average", color: i);
            double signs = accuracies.Of((recipe, WeightKind.Stochastic, Signs)).Mean;
            Charts.AddLine(
                plot, [positions[0], positions[^1]], [signs, signs], $"{recipe} recipe: signs", color: i, LinePattern.Dashed);
        }

        plot.Axes.Bottom.SetTicks(positions, [.. NetworkCounts.Select(networks => $"{networks}")]);
        plot.ShowLegend(Edge.Bottom);
        return Picture.Of(
            "averages",
            "Test accuracy of the average of drawn networks, by their number. Dashed lines are the one-bit models of the same "
            + "runs. Bars show ± one standard deviation over seeds.",
            plot,
            height: 420);
    }
}
