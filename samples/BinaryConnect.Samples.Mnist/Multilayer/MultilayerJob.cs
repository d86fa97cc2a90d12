using BinaryConnect.Models;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>The paper's experiment on MNIST: loads the data, trains a network with a live table, and reports.</summary>
internal static class MultilayerJob
{
    // These map pixels to [−1, 1].
    private const float PixelScale = 2f / 255;
    private const float PixelShift = -1;

    public static StopReason Run(MultilayerArguments arguments, Streams streams, CancellationToken cancellation)
    {
        var saved = arguments.Resume ? new SavedOptions(arguments.CheckpointFile!) : null;
        if (saved is not null) arguments = saved.Continue(arguments);
        RunReport.CheckWritable(arguments.JsonFile);
        arguments.Outputs.CheckWritable();
        var recipe = MultilayerRecipe.For(arguments.Recipe);
        var mnist = Data.Mnist.Load(arguments.DataFolder, Data.MnistSplit.Paper, PixelScale, PixelShift);
        MultilayerPerceptron network = MultilayerRecipe.Network(arguments, mnist.Train);
        TrainerOptions options = recipe.Training(arguments, mnist.Train);
        if (saved?.FaultOf(arguments, options) is string others) throw new InvalidDataException(others);
        EpochFile? file = arguments.CheckpointFile is null ? null : new EpochFile(arguments.CheckpointFile, mnist.Test);
        if (file is not null) WholeFile.CheckWritable(file.Path);
        EpochFile.Content? earlier = arguments.Resume ? file?.Read() : null;
        using EpochLog? log = EpochLog.For(arguments.CsvFile, streams.Data);
        Introduce(streams.Text, arguments, options, mnist, network);

        var view = RunView.For(streams);
        using CancellationTokenRegistration end = view.EndWith(cancellation);
        var trainer = new Trainer(options, new WarningLog(view));
        var table = new EpochTable(view, options.EvaluateEverySteps!.Value, () => EvaluateTest(trainer, options, network, mnist))
        {
            Log = log,
            File = file,
            Earlier = earlier,
        };
        try
        {
            TrainingReport report = view.Watch(() => arguments.Resume
                ? trainer.Resume(network, mnist.Train, mnist.Validation, table, cancellation)
                : trainer.Fit(network, mnist.Train, mnist.Validation, table, cancellation));
            RunFailedException.Guard(() =>
            {
                Conclude(streams, arguments, options, report, table);
                Dictionary<string, string> facts = FactsOf(arguments, report, table);
                arguments.Outputs.Write(streams.Text, network, mnist.Test, options, facts);
                SayCheckpoint(streams.Text, arguments.CheckpointFile, report.StopReason);
            });
            return report.StopReason;
        }
        catch (ArgumentException fault) when (saved is not null)
        {
            throw new InvalidDataException(saved.Describe(fault, arguments, options), fault);
        }
        catch (TrainingStoppedException fault) when (MainJob.CanConclude(fault))
        {
            MainJob.Try(() =>
            {
                Conclude(streams, arguments, options, fault.Report!, table);
                SayCheckpoint(streams.Text, arguments.CheckpointFile, fault.Report!.StopReason);
            });
            throw;
        }
    }

    private static void SayCheckpoint(TextWriter text, string? file, StopReason reason)
    {
        string epochs = reason == StopReason.Completed ? " and more '--epochs' go" : " goes";
        if (File.Exists(file)) text.WriteLine($"Checkpoint in {file}; '--resume'{epochs} on from it");
        else if (reason == StopReason.Cancelled)
            text.WriteLine("The run is not saved; '--checkpoint FILE' would keep it, for '--resume' to go on.");
    }

    // The network still has the weights of the validation; only sampled networks must be drawn again.
    private static EvaluationResult EvaluateTest(
        Trainer trainer, TrainerOptions options, MultilayerPerceptron network, Data.Mnist mnist)
    {
        if (options.EvaluationWeights != EvaluationWeights.SampledAverage) return trainer.Evaluate(network, mnist.Test);
        Data.Dataset? train = options.RecomputeStatistics ? mnist.Train : null;
        return trainer.Evaluate(network, mnist.Test, EvaluationWeights.SampledAverage, train);
    }

    private static void Introduce(
        TextWriter output, MultilayerArguments arguments, TrainerOptions options, Data.Mnist mnist, MultilayerPerceptron network)
    {
        string dropout = arguments.Dropout == 0 ? "" : $", dropout {arguments.Dropout}";
        if (arguments.InputDropout != 0) dropout += $", input dropout {arguments.InputDropout}";
        if (arguments.Activation != Activation.Relu)
            dropout = $", {OptionParsing.NameOf(arguments.Activation)} activations{dropout}";
        LearningRates rates = MultilayerRecipe.RatesOf(arguments);
        int falls = arguments.ScheduledEpochs ?? options.MaxEpochs ?? 0;
        output.WriteLine(
            $"BinaryConnect on MNIST: multilayer network, {OptionParsing.NameOf(arguments.Recipe)} recipe, "
            + $"seed {arguments.Seed}");
        output.WriteLine(
            $"{mnist.Train.Count:N0} training, {mnist.Validation.Count:N0} validation and {mnist.Test.Count:N0} test examples; "
            + $"{Epochs(options.MaxEpochs ?? 0)}");
        output.WriteLine($"{MainJob.BinarizerName(arguments.Binarizer)}{dropout}; tested with {WeightsText.Of(options)}");
        output.WriteLine($"{options.Optimizer}, rate scaling {OptionParsing.NameOf(options.RateScaling)}");
        output.WriteLine($"learning rate {rates.First}{(falls > 1 ? $" to {rates.Last} over {Epochs(falls)}" : "")}");
        output.WriteLine();
        LayerTable.Write(output, network.Summary());
        output.WriteLine();
    }

    private static void Conclude(
        Streams streams, MultilayerArguments arguments, TrainerOptions options, TrainingReport report, EpochTable table)
    {
        TextWriter output = streams.Text;
        table.End(report);
        output.WriteLine();
        output.WriteLine(
            $"{MainJob.Describe(report.StopReason)} after {Epochs(table.Rows.Count)}, {report.Steps.Count:N0} steps, "
            + $"{report.Elapsed.TotalSeconds:F2} s");
        if (table.Best is EpochRow best)
        {
            output.WriteLine(
                $"Best validation error {100 * best.ValidationError:F2} %, at epoch {best.Epoch:N0}{Environment.NewLine}"
                + $"Test error there {100 * best.TestError:F2} %, with {WeightsText.Of(options)}");
        }
        else
        {
            output.WriteLine("No evaluation: it was stopped before the first epoch ended");
        }

        RunReport.Of(arguments, options, report, table).Write(arguments.JsonFile, streams);
    }

    private static Dictionary<string, string> FactsOf(MultilayerArguments arguments, TrainingReport report, EpochTable table)
    {
        Dictionary<string, string> facts =
            RunReport.FactsOf(report, OptionParsing.NameOf(arguments.Recipe), arguments.Binarizer, arguments.Seed);
        facts["epochs"] = $"{table.Rows.Count}";
        if (table.Best is EpochRow best) facts["best_epoch"] = $"{best.Epoch}";
        return facts;
    }

    private static string Epochs(int count) => count == 1 ? "1 epoch" : $"{count:N0} epochs";
}
