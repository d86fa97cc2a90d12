using BinaryConnect.Binarization;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments;

/// <summary>What binarizing after training costs, against training with binary weights.</summary>
internal sealed class PostTraining : IExperiment
{
    private const string Real = "real", Signs = "signs", Scaled = "scaled signs", Trained = "trained as signs";

    public string Name => "post-training";

    public string Question => "What does it cost to binarize weights after training, instead of training with binary weights?";

    public Report Run(ExperimentSettings settings)
    {
        var accuracies = new Figures<(string Recipe, string Weights)>();
        var negatives = new Figures<string>();
        DigitRecipe[] recipes = [new NotebookRecipe(), new BestRecipe()];
        foreach (DigitRecipe recipe in recipes)
        {
            Data.Mnist data = recipe.Load(settings.DataFolder);
            foreach (int seed in settings.Seeds)
            {
                TrainedDigits real = recipe.Train(settings, data, seed, WeightKind.Real);
                accuracies.Add((recipe.Name, Real), real.FinalAccuracy);
                float[] weights = real.Model.Weights.Latent.ToArray();
                negatives.Add(recipe.Name, weights.Count(weight => weight < 0) / (double)weights.Length);

                var trainer = new Trainer(real.Options);
                real.Model.Binarize(new DeterministicBinarizer());
                accuracies.Add((recipe.Name, Signs), trainer.Evaluate(real.Model, data.Test).Accuracy);
                Scale(weights, data.Train.FeatureCount).CopyTo(real.Model.Weights.Latent);
                real.Model.Binarize(new IdentityBinarizer());
                accuracies.Add((recipe.Name, Scaled), trainer.Evaluate(real.Model, data.Test).Accuracy);

                TrainedDigits trained = recipe.Train(settings, data, seed, WeightKind.Deterministic);
                accuracies.Add((recipe.Name, Trained), trained.FinalAccuracy);
            }
        }

        return new Report(
            "Binarizing after training",
            "Softmax regression on MNIST, 55,000 training images, accuracy on the 10,000 test images after the last step. "
            + "The notebook's recipe starts with weights in [0, 1). The best recipe starts within ±0.1, on inputs that are "
            + "roughly centred. \"signs\" are the signs of trained real weights, \"scaled signs\" are signs times the mean |w| "
            + "of their class, and \"trained as signs\" used signs from the first step.")
        {
            Findings = [.. recipes.SelectMany(recipe => Findings(recipe.Name, accuracies, negatives.Of(recipe.Name)))],
            Tables =
            [
                SpreadTable.Of(
                    "accuracy",
                    "Test accuracy, over seeds",
                    [new Column("recipe", "recipe"), new Column("weights", "weights")],
                    accuracies.All.Select(row => (new object?[] { row.Key.Recipe, row.Key.Weights }, row.Figure))),
            ],
            Pictures = [Draw(accuracies)],
        };
    }

    // sign(w) · mean |w| of each class.
    private static float[] Scale(float[] weights, int features)
    {
        var scaled = new float[weights.Length];
        for (int row = 0; row < weights.Length; row += features)
        {
            float mean = weights[row..(row + features)].Average(MathF.Abs);
            for (int i = row; i < row + features; i++) scaled[i] = weights[i] >= 0 ? mean : -mean;
        }

        return scaled;
    }

    private static IEnumerable<string> Findings(
        string recipe, Figures<(string Recipe, string Weights)> accuracies, Spread negatives)
    {
        Spread real = accuracies.Of((recipe, Real)), signs = accuracies.Of((recipe, Signs));
        Spread scaled = accuracies.Of((recipe, Scaled)), trained = accuracies.Of((recipe, Trained));
        yield return $"By the {recipe} recipe, {Sentence.Change("binarizing after training", real, signs)}; "
            + $"{negatives.Mean:P0} of the trained weights are negative.";
        yield return $"By the {recipe} recipe, {Sentence.Change("a scale for each class", signs, scaled)}.";
        yield return $"By the {recipe} recipe, {Sentence.Change("training with signs instead of real weights", real, trained)}.";
    }

    private static Picture Draw(Figures<(string Recipe, string Weights)> accuracies)
    {
        string[] kinds = [Real, Signs, Scaled, Trained];
        return Picture.Of(
            "accuracy",
            "Test accuracy of real weights, of their signs, and of weights that were trained as signs. Lines show ± one "
            + "standard deviation over seeds.",
            Charts.Bars(
                "Accuracy on the test set",
                "accuracy (share of the test images)",
                [.. accuracies.All.Select(row =>
                    ($"{row.Key.Recipe}: {row.Key.Weights}", row.Figure, Array.IndexOf(kinds, row.Key.Weights)))]));
    }
}
