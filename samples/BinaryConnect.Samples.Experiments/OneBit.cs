using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Samples.Experiments.Networks;
using BinaryConnect.Samples.Experiments.OneBitStudy;
using BinaryConnect.Samples.Experiments.Plots;
using BinaryConnect.Samples.Experiments.Reporting;
using ScottPlot;

namespace BinaryConnect.Samples.Experiments;

/// <summary>What one bit a weight saves and costs: bytes, time and accuracy.</summary>
internal sealed class OneBit : IExperiment
{
    private const int BatchImages = 256;

    public string Name => "one-bit";

    public string Question => "What does one bit a weight save, and what does it cost?";

    public IReadOnlyList<string> Options => NetworkSettings.RunOptions;

    public IReadOnlyList<int> Seeds => [1];

    /// <summary>The rounds of the times.</summary>
    public int Rounds { get; init; } = 101;

    public Report Run(ExperimentSettings settings)
    {
        if (settings.Seeds.Count > 1)
            throw new InvalidDataException($"'--seeds' has {settings.Seeds.Count} seeds; this experiment takes one.");
        var runs = new NetworkRuns(settings, NetworkSize.Wide);
        ContenderFigures[] figures = Measure(Train(runs, settings.Seeds[0]), runs.Data.Test, settings.Cancellation);
        return new Report(
            "What one bit a weight buys",
            $"{runs.Description} \"floats\" was trained with real weights, \"1-bit weights\" with their signs, and \"+ 1-bit "
            + "activations\" also with signs in place of ReLU, by Adam. \"+ 8-bit activations\" has the weights of \"1-bit "
            + "weights\", and activations of 8 bits whose scales come from the validation set. A file has all of a packed model. "
            + $"Models predict from bytes on one thread, one image at a time or {BatchImages:N0} together, each in the faster of "
            + $"its forms. They alternate in one process for {Rounds} rounds, each for as long. A speed is the median of the "
            + "ratios of each round. Compare speeds rather than times: processor and other programs change times more.")
        {
            Findings = [.. OneBitFindings.Of(figures, runs.Data.Test.Count)],
            Tables = [Models(figures), Speeds(figures)],
            Pictures = [Draw(figures, runs.Data.Test.Count)],
        };
    }

    private static Table Models(ContenderFigures[] figures)
    {
        var table = new Table(
            "models",
            "Files and test error",
            new Column("model", "model"),
            new Column("file_bytes", "file, bytes"),
            new Column("times_smaller", "× smaller", "F1"),
            new Column("test_error", "test error", "P2"));
        foreach (ContenderFigures of in figures)
            table.Add(of.Name, of.FileBytes, (double)figures[0].FileBytes / of.FileBytes, of.TestError);
        return table;
    }

    private static Table Speeds(ContenderFigures[] figures)
    {
        var table = new Table(
            "speeds",
            "Times of an image, and speeds as multiples of that of floats, with quartiles",
            new Column("model", "model"),
            new Column("images", "images"),
            new Column("microseconds", "µs", "F1"),
            new Column("least_microseconds", "least µs", "F1"),
            new Column("speed", "× speed", "F1"),
            new Column("lower", "from", "F1"),
            new Column("upper", "to", "F1"));
        foreach (ContenderFigures of in figures)
            Add(of.Name, "one", of.Alone);
        foreach (ContenderFigures of in figures)
            Add(of.Name, "many", of.Many);
        return table;

        void Add(string name, string images, Speed of) => table.Add(
            name, images, of.Microseconds, of.LeastMicroseconds, of.Ratio.Median, of.Ratio.Lower, of.Ratio.Upper);
    }

    private static Picture Draw(ContenderFigures[] figures, int images)
    {
        return Picture.Of(
            "one-bit",
            "Bytes of the file, test error, and speed on one thread as a multiple of that of floats: for one image at a time, "
            + "and for many together. All models but the first have 1-bit weights.",
            [
                Bars("Size of the file", "megabytes", "F2", of => of.FileBytes / 1e6),
                Bars("Test error", $"% of {images:N0} test images", "F2", of => 100 * of.TestError),
                Bars("Speed, one image at a time", "× the speed of floats", "F1", of => of.Alone.Ratio.Median),
                Bars("Speed, many images together", "× the speed of floats", "F1", of => of.Many.Ratio.Median),
            ],
            new ScottPlot.MultiplotLayouts.Grid(2, 2),
            height: 480);

        Plot Bars(string title, string unit, string format, Func<ContenderFigures, double> figure) => Charts.Bars(
            title, unit, [.. figures.Select((of, i) => (of.Name, Spread.Of([figure(of)]), i))], format);
    }

    private static IReadOnlyList<Contender> Train(NetworkRuns runs, int seed)
    {
        Dataset test = runs.Data.Test;
        NetworkRun real = runs.Train(Regularizer.None, seed), signs = runs.Train(Regularizer.Deterministic, seed);
        NetworkRun bits = runs.Train(Regularizer.Deterministic, seed, "sign-activations", NetworkRecipe.Bits);
        PackedModel packed = ModelPacker.Pack(signs.Network, test.Scale, test.Shift);

        // Real weights in the packed form are the faster ones for an image alone, those of the network for many.
        real.Network.MaxDegreeOfParallelism = 1;
        PackedModel floats = ModelPacker.Pack(real.Network, test.Scale, test.Shift, new IdentityBinarizer());
        return
        [
            new Contender("floats", floats)
            {
                Many = (pixels, classes) => real.Network.Predict(pixels, test.Scale, test.Shift, classes),
            },
            new Contender("1-bit weights", packed),
            new Contender("+ 8-bit activations", ModelPacker.PackActivations(packed, runs.Data.Validation).Model),
            new Contender("+ 1-bit activations", ModelPacker.Pack(bits.Network, test.Scale, test.Shift)),
        ];
    }

    private ContenderFigures[] Measure(IReadOnlyList<Contender> models, Dataset test, CancellationToken cancellation)
    {
        byte[] pixels = Bytes(test, BatchImages);
        int[] classes = new int[BatchImages];
        int next = 0;
        var many = PairedTimes.Measure(
            [.. models.Select(model => (Action)(() => model.Many(pixels, classes)))], Rounds, cancellation);
        var alone = PairedTimes.Measure(
            [.. models.Select(model => (Action)(() => PredictNext(model.Model)))], Rounds, cancellation);
        return [.. models.Select((model, i) => new ContenderFigures(
            model.Name,
            model.FileBytes,
            model.ErrorOn(test),
            Speed.Of(alone, i, images: 1),
            Speed.Of(many, i, BatchImages)))];

        void PredictNext(PackedModel model)
        {
            next = (next + 1) % BatchImages;
            classes[0] = model.Predict(pixels.AsSpan(next * test.FeatureCount, test.FeatureCount));
        }
    }

    // Pixels as bytes, before scale and shift.
    private static byte[] Bytes(Dataset images, int count)
    {
        float[] row = new float[images.FeatureCount];
        byte[] pixels = new byte[count * row.Length];
        for (int i = 0, next = 0; i < count; i++)
        {
            images.CopyRow(i, row);
            foreach (float value in row) pixels[next++] = (byte)MathF.Round((value - images.Shift) / images.Scale);
        }

        return pixels;
    }
}
