using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Experiments.Runs;

namespace BinaryConnect.Samples.Experiments;

/// <summary>What it costs to binarize the biases as well.</summary>
internal sealed class Bias : IExperiment
{
    private const string RealBias = "real", BinaryBias = "binary", Last = "last", Best = "best by the test set";

    public string Name => "bias";

    public string Question => "Why are biases not binarized: what does it cost in accuracy, and what does it save?";

    public Report Run(ExperimentSettings settings)
    {
        var accuracies = new Figures<(string Recipe, string Bias, string Evaluation)>();
        var largest = new Figures<string>();
        int weights = 0, biases = 0;
        DigitRecipe[] recipes = [new NotebookRecipe(), new BestRecipe()];
        foreach (DigitRecipe recipe in recipes)
        {
            Data.Mnist data = recipe.Load(settings.DataFolder);
            foreach (int seed in settings.Seeds)
            {
                foreach (string bias in (string[])[RealBias, BinaryBias])
                {
                    TrainedDigits run = recipe.Train(settings, data, seed, WeightKind.Deterministic, bias == BinaryBias);
                    accuracies.Add((recipe.Name, bias, Last), run.FinalAccuracy);
                    accuracies.Add((recipe.Name, bias, Best), run.BestAccuracy);
                    (weights, biases) = (run.Model.Weights.Length, run.Model.Bias.Length);
                    if (bias == RealBias) largest.Add(recipe.Name, run.Model.Bias.Latent.ToArray().Max(MathF.Abs));
                }
            }
        }

        return new Report(
            "Binarizing the biases",
            "Softmax regression with binary weights on MNIST. A binary bias is +1 or −1 in the forward pass, as a weight is, "
            + "and its latent value is not clipped. \"last\" is the evaluation after the last step. \"best by the test set\" is "
            + "the highest evaluation of the run, as the notebook gives it; the test set then chose the model.")
        {
            Findings =
            [
                .. recipes.SelectMany(recipe => Findings(recipe.Name, accuracies, largest.Of(recipe.Name))),
                Size(weights, biases),
            ],
            Tables =
            [
                SpreadTable.Of(
                    "accuracy",
                    "Test accuracy with binary weights, over seeds",
                    [new Column("recipe", "recipe"), new Column("bias", "biases"), new Column("evaluation", "evaluation")],
                    accuracies.All.Select(row =>
                        (new object?[] { row.Key.Recipe, row.Key.Bias, row.Key.Evaluation }, row.Figure))),
            ],
            Pictures =
            [
                Picture.Of(
                    "accuracy",
                    "Test accuracy after the last step, with real and with binary biases. Lines show ± one standard deviation "
                    + "over seeds.",
                    Charts.Bars(
                        "Binary weights, real or binary biases",
                        "accuracy (share of the test images)",
                        [.. accuracies.All.Where(row => row.Key.Evaluation == Last).Select(row =>
                            ($"{row.Key.Recipe}: {row.Key.Bias} biases", row.Figure, row.Key.Bias == RealBias ? 0 : 1))]),
                    height: 320),
            ],
        };
    }

    private static IEnumerable<string> Findings(
        string recipe, Figures<(string Recipe, string Bias, string Evaluation)> accuracies, Spread largest)
    {
        Spread real = accuracies.Of((recipe, RealBias, Last)), binary = accuracies.Of((recipe, BinaryBias, Last));
        string notebook = recipe == new NotebookRecipe().Name ? " The notebook has 0.8571 and 0.8129, one run of each." : "";
        yield return $"By the {recipe} recipe, {Sentence.Change("binarizing the biases", real, binary)}.{notebook}";
        yield return $"By the {recipe} recipe, the largest real bias is {largest.Mean:F2} in the mean over seeds; "
            + (largest.Mean > 1
                ? "a bias of ±1 cannot reach it."
                : "a bias of ±1 is at least as large, and cannot be small.");
    }

    private static string Size(int weights, int biases)
    {
        double realBytes = (weights / 8.0) + (4 * biases), binaryBytes = (weights + biases) / 8.0;
        return $"Binary biases would save {realBytes - binaryBytes:F1} of {realBytes:N0} bytes: there are {biases} biases and "
            + $"{weights:N0} weights.";
    }
}
