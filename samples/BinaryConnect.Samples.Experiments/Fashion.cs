using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Samples.Experiments.Runs;
using BinaryConnect.Training;
using BinaryConnect.Training.Metrics;
using ScottPlot;

namespace BinaryConnect.Samples.Experiments;

/// <summary>Whether the results for digits hold for Fashion-MNIST.</summary>
internal sealed class Fashion : IExperiment
{
    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";
    private const string Digits = "MNIST", Clothes = "Fashion-MNIST";
    private const string Real = "real", Trained = "trained as signs", Signs = "signs of real";

    private static readonly string[] ClassNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public string Name => "fashion";

    public string Question => "Does one bit a weight cost as little on Fashion-MNIST as on digits, and in which classes?";

    public Report Run(ExperimentSettings settings)
    {
        var recipe = new BestRecipe();
        Data.Mnist clothes = recipe.Load(FolderOf(settings)), digits = recipe.Load(settings.MnistFolder);
        var accuracies = new Figures<(string Data, string Weights)>();
        var recalls = new Figures<(string Weights, int Class)>();
        double[]? latent = null;
        foreach ((string name, Data.Mnist data) in ((string, Data.Mnist)[])[(Digits, digits), (Clothes, clothes)])
        {
            foreach (int seed in settings.Seeds)
            {
                TrainedDigits real = recipe.Train(settings, data, seed, WeightKind.Real);
                TrainedDigits signs = recipe.Train(settings, data, seed, WeightKind.Deterministic);
                accuracies.Add((name, Real), real.FinalAccuracy);
                accuracies.Add((name, Trained), signs.FinalAccuracy);
                if (name == Clothes)
                {
                    latent ??= [.. signs.Model.Weights.Latent.ToArray().Select(weight => (double)weight)];
                    AddRecalls(recalls, Real, real.Report.FinalEvaluation!.Confusion!);
                    AddRecalls(recalls, Trained, signs.Report.FinalEvaluation!.Confusion!);
                }

                real.Model.Binarize(new DeterministicBinarizer());
                accuracies.Add((name, Signs), new Trainer(real.Options).Evaluate(real.Model, data.Test).Accuracy);
            }
        }

        return new Report(
            "Fashion-MNIST",
            "Softmax regression by the best recipe for digits, unchanged, on MNIST and on Fashion-MNIST (ten kinds of clothes, "
            + "28 × 28 pixels, 55,000 training and 10,000 test images). Accuracy and recall are those of the test images "
            + "after the last step. Recall is the share of a class's images that are found.")
        {
            Findings = [.. Findings(accuracies, recalls)],
            Tables =
            [
                SpreadTable.Of(
                    "accuracy",
                    "Test accuracy, over seeds",
                    [new Column("data", "data"), new Column("weights", "weights")],
                    accuracies.All.Select(row => (new object?[] { row.Key.Data, row.Key.Weights }, row.Figure))),
                RecallTable(recalls),
            ],
            Pictures = [DrawAccuracies(accuracies), DrawRecalls(recalls), DrawWeights(latent!, settings.Seeds[0])],
        };
    }

    private static string FolderOf(ExperimentSettings settings)
    {
        if (settings.GivenFolder is string given) return given;
        return Directory.Exists(DebianFolder)
            ? DebianFolder
            : throw new DirectoryNotFoundException(
                $"Fashion-MNIST is not in {DebianFolder}; install it by 'apt-get install dataset-fashion-mnist', or name the "
                + "folder of its four files by --data.");
    }

    private static void AddRecalls(Figures<(string Weights, int Class)> recalls, string weights, ConfusionMatrix confusion)
    {
        for (int label = 0; label < confusion.ClassCount; label++) recalls.Add((weights, label), confusion.Recall(label));
    }

    private static IEnumerable<string> Findings(
        Figures<(string Data, string Weights)> accuracies, Figures<(string Weights, int Class)> recalls)
    {
        foreach (string data in (string[])[Digits, Clothes])
        {
            Spread real = accuracies.Of((data, Real)), trained = accuracies.Of((data, Trained));
            yield return $"On {data}, {Sentence.Change("training with signs instead of real weights", real, trained)}; "
                + $"the signs of trained real weights have {accuracies.Of((data, Signs))}.";
        }

        yield return $"From real weights to signs, accuracy changes by {ChangeOn(Digits):+0.00;−0.00} percentage points on "
            + $"{Digits}, and by {ChangeOn(Clothes):+0.00;−0.00} on {Clothes}.";
        int[] classes = [.. Enumerable.Range(0, ClassNames.Length)];
        int most = classes.MaxBy(label => recalls.Of((Real, label)).Mean - recalls.Of((Trained, label)).Mean);
        Spread before = recalls.Of((Real, most)), after = recalls.Of((Trained, most));
        yield return $"Of {Clothes}'s classes, {ClassNames[most]} has the worst change of recall: "
            + $"{Sentence.Change("one bit a weight", before, after)}.";
        int hardest = classes.MinBy(label => recalls.Of((Trained, label)).Mean);
        int second = classes.Where(label => label != hardest).MinBy(label => recalls.Of((Trained, label)).Mean);
        yield return $"With signs, the hardest classes are {ClassNames[hardest]} (recall {recalls.Of((Trained, hardest))}) and "
            + $"{ClassNames[second]} ({recalls.Of((Trained, second))}).";

        double ChangeOn(string data) => 100 * (accuracies.Of((data, Trained)).Mean - accuracies.Of((data, Real)).Mean);
    }

    private static Table RecallTable(Figures<(string Weights, int Class)> recalls)
    {
        var table = new Table(
            "recall",
            $"Recall of each class of {Clothes}: mean over seeds, and ± one standard deviation",
            new Column("class", "class"),
            new Column("real", "real", "F4"),
            new Column("real_deviation", "±", "F4"),
            new Column("signs", Trained, "F4"),
            new Column("signs_deviation", "±", "F4"));
        for (int label = 0; label < ClassNames.Length; label++)
        {
            Spread real = recalls.Of((Real, label)), signs = recalls.Of((Trained, label));
            table.Add(ClassNames[label], real.Mean, real.Deviation, signs.Mean, signs.Deviation);
        }

        return table;
    }

    private static Picture DrawAccuracies(Figures<(string Data, string Weights)> accuracies)
    {
        string[] kinds = [Real, Trained, Signs];
        return Picture.Of(
            "accuracy",
            "Test accuracy on digits and on clothes. Lines show ± one standard deviation over seeds.",
            Charts.Bars(
                "Accuracy on digits and on clothes",
                "accuracy (share of the test images)",
                [.. accuracies.All.Select(row =>
                    ($"{row.Key.Data}: {row.Key.Weights}", row.Figure, Array.IndexOf(kinds, row.Key.Weights)))]),
            height: 380);
    }

    private static Picture DrawRecalls(Figures<(string Weights, int Class)> recalls)
    {
        Plot plot = PictureStyle.Create($"Recall of each class of {Clothes}", "recall (share of the class's test images)");
        string[] kinds = [Real, Trained];
        double[] positions = [.. Enumerable.Range(0, ClassNames.Length).Select(label => (double)(ClassNames.Length - 1 - label))];
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            Spread[] figures = [.. Enumerable.Range(0, ClassNames.Length).Select(label => recalls.Of((kinds[kind], label)))];
            double shift = 0.12 - (0.24 * kind);
            Charts.AddSpreadMarkers(plot, figures, [.. positions.Select(y => y + shift)], kinds[kind], color: kind);
        }

        plot.Axes.Left.SetTicks(positions, ClassNames);
        plot.Axes.SetLimitsX(0, 1.02);
        plot.ShowLegend(Alignment.LowerLeft);
        return Picture.Of(
            "recall",
            "Recall of each class with real weights and with signs. Lines show ± one standard deviation over seeds.",
            plot);
    }

    private static Picture DrawWeights(double[] latent, int seed)
    {
        int features = latent.Length / ClassNames.Length;
        return Picture.Of(
            "weights",
            $"Latent weights of the run with signs and seed {seed}, an image for each class; a one-bit model keeps their signs.",
            HeatMaps.Images(
                "Latent weights after training with signs",
                "w (no unit)",
                [.. ClassNames.Select((name, label) => (name, latent[(label * features)..((label + 1) * features)]))],
                width: 28,
                perRow: 5),
            height: 420);
    }
}
