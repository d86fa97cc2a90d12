using BinaryConnect.Binarization;
using BinaryConnect.Models;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Experiments;

/// <summary>What binarizing after training costs, against training with binary weights.</summary>
internal sealed class PostTraining : IExperiment
{
    private const string Notebook = "notebook", Best = "best";
    private const string Real = "real", Signs = "signs", Scaled = "scaled signs", Trained = "trained as signs";

    public string Name => "post-training";

    public string Question => "What does it cost to binarize weights after training, instead of training with binary weights?";

    public Report Run(ExperimentSettings settings)
    {
        var notebook = Data.Mnist.Load(settings.DataFolder);
        var centred = Data.Mnist.Load(settings.DataFolder, scale: DigitRuns.BestScale, shift: DigitRuns.BestShift);
        var accuracies = new Accuracies();
        foreach (int seed in settings.Seeds)
        {
            AfterTraining(
                settings, accuracies, Notebook, notebook, DigitRuns.NotebookModel(notebook.Train, seed),
                DigitRuns.NotebookReal(settings, seed));
            FromTheStart(
                settings, accuracies, Notebook, notebook, DigitRuns.NotebookModel(notebook.Train, seed),
                DigitRuns.NotebookBinary(settings, seed));
            AfterTraining(
                settings, accuracies, Best, centred, DigitRuns.CentredModel(centred.Train, seed),
                DigitRuns.Best(settings, seed, new IdentityBinarizer()));
            FromTheStart(
                settings, accuracies, Best, centred, DigitRuns.CentredModel(centred.Train, seed),
                DigitRuns.Best(settings, seed, new DeterministicBinarizer()));
        }

        return Describe(accuracies);
    }

    // The weights of the trained model are replaced by their signs, and then by signs of the mean size of its class.
    private static void AfterTraining(
        ExperimentSettings settings,
        Accuracies accuracies,
        string recipe,
        Data.Mnist data,
        LogisticModel model,
        TrainerOptions options)
    {
        TrainingReport report = DigitRuns.Fit(
            settings, $"{recipe} recipe, real weights, seed {options.Seed}", options, model, data.Train, data.Test);
        accuracies.Add(recipe, Real, report.FinalEvaluation!.Accuracy);
        var trainer = new Trainer(options);
        float[] weights = model.Weights.Latent.ToArray();
        accuracies.AddNegatives(recipe, weights.Count(weight => weight < 0) / (double)weights.Length);
        model.Binarize(new DeterministicBinarizer());
        accuracies.Add(recipe, Signs, trainer.Evaluate(model, data.Test).Accuracy);
        Scale(weights, data.Train.FeatureCount).CopyTo(model.Weights.Latent);
        model.Binarize(new IdentityBinarizer());
        accuracies.Add(recipe, Scaled, trainer.Evaluate(model, data.Test).Accuracy);
    }

    private static void FromTheStart(
        ExperimentSettings settings,
        Accuracies accuracies,
        string recipe,
        Data.Mnist data,
        LogisticModel model,
        TrainerOptions options)
    {
        TrainingReport report = DigitRuns.Fit(
            settings, $"{recipe} recipe, signs, seed {options.Seed}", options, model, data.Train, data.Test);
        accuracies.Add(recipe, Trained, report.FinalEvaluation!.Accuracy);
    }

    // sign(w) · mean |w| of each class.
    private static float[] Scale(float[] weights, int features)
    {
        var scaled = new float[weights.Length];
        for (int row = 0; row < weights.Length; row += features)
        {
            float mean = weights.AsSpan(row, features).ToArray().Average(MathF.Abs);
            for (int i = row; i < row + features; i++) scaled[i] = weights[i] >= 0 ? mean : -mean;
        }

        return scaled;
    }

    private static Report Describe(Accuracies accuracies)
    {
        var table = new Table(
            "accuracy",
            "Test accuracy, over seeds",
            new Column("recipe", "recipe"),
            new Column("weights", "weights"),
            new Column("mean", "mean", "F4"),
            new Column("deviation", "±", "F4"),
            new Column("minimum", "least", "F4"),
            new Column("maximum", "most", "F4"),
            new Column("runs", "runs"));
        foreach ((string recipe, string weights, Spread spread) in accuracies.All)
            table.Add(recipe, weights, spread.Mean, spread.Deviation, spread.Minimum, spread.Maximum, spread.Count);
        return new Report(
            "Binarizing after training",
            "Softmax regression on MNIST, 55,000 training images, accuracy on the 10,000 test images after the last step. "
            + "The notebook's recipe starts with weights in [0, 1). The best recipe starts within ±0.1, on inputs that are "
            + "roughly centred. "
            + "\"signs\" are the signs of trained real weights, \"scaled signs\" are signs times the mean |w| of their class, "
            + "and \"trained as signs\" used signs from the first step.")
        {
            Findings = [.. Findings(accuracies, Notebook), .. Findings(accuracies, Best)],
            Tables = [table],
            Pictures = [Draw(accuracies)],
        };
    }

    private static IEnumerable<string> Findings(Accuracies accuracies, string recipe)
    {
        Spread real = accuracies.Of(recipe, Real), signs = accuracies.Of(recipe, Signs);
        Spread scaled = accuracies.Of(recipe, Scaled), trained = accuracies.Of(recipe, Trained);
        yield return $"By the {recipe} recipe, {Sentence.Change("binarizing after training", real, signs)}; "
            + $"{accuracies.NegativesOf(recipe):P0} of the trained weights are negative.";
        yield return $"By the {recipe} recipe, {Sentence.Change("a scale for each class", signs, scaled)}.";
        yield return $"By the {recipe} recipe, {Sentence.Change("training with signs instead of real weights", real, trained)}.";
    }

    private static Picture Draw(Accuracies accuracies)
    {
        string[] kinds = [Real, Signs, Scaled, Trained];
        var bars = accuracies.All
            .Select(row => ($"{row.Recipe}: {row.Weights}", row.Accuracy, Array.IndexOf(kinds, row.Weights))).ToArray();
        return Picture.Of(
            "accuracy",
            "Test accuracy of real weights, of their signs, and of weights that were trained as signs. Lines show ± one "
            + "standard deviation over seeds.",
            Charts.Bars("Accuracy on the test set", "accuracy (share of 10,000 images)", bars));
    }

    private sealed class Accuracies
    {
        private readonly Dictionary<(string Recipe, string Weights), List<double>> _figures = [];
        private readonly Dictionary<string, List<double>> _negatives = [];

        public IEnumerable<(string Recipe, string Weights, Spread Accuracy)> All =>
            _figures.Select(figure => (figure.Key.Recipe, figure.Key.Weights, Spread.Of(figure.Value)));

        public void Add(string recipe, string weights, double accuracy)
        {
            if (!_figures.TryGetValue((recipe, weights), out List<double>? figures)) _figures[(recipe, weights)] = figures = [];
            figures.Add(accuracy);
        }

        public void AddNegatives(string recipe, double share)
        {
            if (!_negatives.TryGetValue(recipe, out List<double>? shares)) _negatives[recipe] = shares = [];
            shares.Add(share);
        }

        public Spread Of(string recipe, string weights) => Spread.Of(_figures[(recipe, weights)]);

        public double NegativesOf(string recipe) => _negatives[recipe].Average();
    }
}
