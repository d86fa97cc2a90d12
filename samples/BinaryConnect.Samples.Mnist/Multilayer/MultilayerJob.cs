using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The paper's experiment on MNIST: load, train a network with a live table, report.</summary>
internal static class MultilayerJob
{
    // Pixels come to [−1, 1].
    private const float PixelScale = 2f / 255;
    private const float PixelShift = -1;

    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(30);

    public static void Run(MultilayerArguments arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (arguments.JsonFile is not null) RunReport.CheckWritable(arguments.JsonFile);
        var recipe = MultilayerRecipe.For(arguments.Recipe);
        var mnist = Data.Mnist.Load(arguments.DataFolder, Data.MnistSplit.Paper, PixelScale, PixelShift);
        MultilayerPerceptron network = MultilayerRecipe.Network(arguments, mnist.Train);
        TrainerOptions options = recipe.Training(arguments, mnist.Train);
        using EpochLog? log = arguments.CsvFile is null ? null : new EpochLog(arguments.CsvFile);
        Introduce(output, arguments, options, mnist, network);

        var trainer = new Trainer(options, new WarningLog(error));
        var table = new EpochTable(output, ProgressLine.For(error, PlainInterval), log, () => EvaluateTest(trainer, options, network, mnist));
        try
        {
            TrainingReport report = arguments.Resume
                ? trainer.Resume(network, mnist.Train, mnist.Validation, table, cancellation)
                : trainer.Fit(network, mnist.Train, mnist.Validation, table, cancellation);
            Conclude(output, arguments, options, report, table);
        }
        catch (ArgumentException fault) when (arguments.Resume)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
        catch (TrainingStoppedException fault) when (fault is { Report: not null, Cause: TrainingFault.Divergence or TrainingFault.File })
        {
            Conclude(output, arguments, options, fault.Report, table);
            throw;
        }
    }

    // The network stands as it was validated; only sampled networks are to be drawn again.
    private static EvaluationResult EvaluateTest(Trainer trainer, TrainerOptions options, MultilayerPerceptron network, Data.Mnist mnist) =>
        options.EvaluationWeights == EvaluationWeights.SampledAverage
            ? trainer.Evaluate(network, mnist.Test, EvaluationWeights.SampledAverage, options.RecomputeStatistics ? mnist.Train : null)
            : trainer.Evaluate(network, mnist.Test);

    private static void Introduce(
        TextWriter output, MultilayerArguments arguments, TrainerOptions options, Data.Mnist mnist, MultilayerPerceptron network)
    {
        string dropout = arguments.Dropout == 0 ? "" : $", dropout {arguments.Dropout}";
        output.WriteLine(
            $"BinaryConnect on MNIST: multilayer network, {OptionParsing.NameOf(arguments.Recipe)} recipe, "
            + $"{MainJob.BinarizerName(arguments.Binarizer)}{dropout}, seed {arguments.Seed}");
        output.WriteLine(
            $"{mnist.Train.Count:N0} training, {mnist.Validation.Count:N0} validation and {mnist.Test.Count:N0} test examples; "
            + $"{Epochs(options.MaxEpochs ?? 0)}; tested with {MainJob.Describe(options)}");
        output.WriteLine($"{options.Optimizer}, {options.Schedule}, rate scaling {OptionParsing.NameOf(options.RateScaling)}");
        output.WriteLine();
        output.WriteLine(network.Summary());
        output.WriteLine();
    }

    private static void Conclude(TextWriter output, MultilayerArguments arguments, TrainerOptions options, TrainingReport report, EpochTable table)
    {
        table.End(report);
        if (arguments.JsonFile is not null) RunReport.Of(arguments, options, report, table).Write(arguments.JsonFile);
        output.WriteLine();
        output.WriteLine(
            $"{MainJob.Describe(report.StopReason)} after {Epochs(table.Rows.Count)}, {report.Steps.Count:N0} steps, {report.Elapsed.TotalSeconds:F2} s");
        if (table.Best is EpochRow best)
        {
            output.WriteLine(
                $"Best validation error {100 * best.ValidationError:F2} %, at epoch {best.Epoch:N0}; "
                + $"test error there {100 * best.TestError:F2} %, with {MainJob.Describe(options)}");
        }
        else
        {
            output.WriteLine("No evaluation: it was stopped before the first epoch ended");
        }
    }

    private static string Epochs(int count) => count == 1 ? "1 epoch" : $"{count:N0} epochs";
}
