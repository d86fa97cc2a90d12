using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Samples.Mnist.OneBit;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The main job: loads the data, trains with a live view, and reports.</summary>
internal static class MainJob
{
    public static StopReason Run(Arguments arguments, Streams streams, CancellationToken cancellation)
    {
        RunReport.CheckWritable(arguments.JsonFile);
        arguments.Outputs.CheckWritable();
        var recipe = Recipe.For(arguments);
        Introduce(arguments, recipe, streams.Text);

        var view = RunView.For(streams);
        using CancellationTokenRegistration end = view.EndWith(cancellation);
        var trained = new TrainedModel(arguments, recipe, Train(arguments, recipe, view, streams, cancellation));
        (TrainedModel last, OneBitReport? comparison) = (trained, null);
        if (arguments.Compares && trained.Report.StopReason != StopReason.Cancelled)
            (last, comparison) = Compare(trained, view, streams, cancellation);
        bool isCancelled = trained.Report.StopReason == StopReason.Cancelled || (arguments.Compares && comparison is null);
        RunFailedException.Guard(() =>
        {
            last.WriteFiles(streams.Text);
            (RunReport.Of(arguments, trained.Report) with { OneBit = comparison }).Write(arguments.JsonFile, streams);
            if (isCancelled && arguments.Outputs is { SaveFile: null, PackFile: null })
                streams.Text.WriteLine("The model is not saved; '--save FILE' would keep it.");
        });
        return isCancelled ? StopReason.Cancelled : trained.Report.StopReason;
    }

    /// <summary>Whether the report of a stopped run is worth writing: the fault is not one of this program.</summary>
    public static bool CanConclude(TrainingStoppedException fault) => fault is
    {
        Report: not null,
        Cause: TrainingFault.Divergence or TrainingFault.File or TrainingFault.ProgressHandler,
    };

    /// <summary>
    /// Writes the results of a stopped run. A failure here is ignored, since the first fault is the one to report.
    /// </summary>
    public static void Try(Action conclude)
    {
        try
        {
            RunFailedException.Guard(conclude);
        }
        catch (RunFailedException)
        {
        }
    }

    /// <summary>The name of a binarizer in the output.</summary>
    public static string BinarizerName(BinarizerKind binarizer) => binarizer switch
    {
        BinarizerKind.Deterministic => "deterministic binarizer",
        BinarizerKind.Stochastic => "stochastic binarizer",
        _ => "no binarizer",
    };

    /// <summary>The reason why a run ended, in the output.</summary>
    public static string Describe(StopReason reason) => reason switch
    {
        StopReason.ScheduleStopped => "Stopped by the schedule",
        StopReason.Cancelled => "Cancelled",
        StopReason.Diverged => "Diverged",
        StopReason.Failed => "Failed",
        _ => "Completed",
    };

    private static TrainingReport Train(
        Arguments arguments, Recipe recipe, RunView view, Streams streams, CancellationToken cancellation)
    {
        var table = new StepTable(view);
        var trainer = new Trainer(recipe.Options);
        try
        {
            TrainingReport report = view.Watch(
                () => trainer.Fit(recipe.Model, recipe.Mnist.Train, recipe.Mnist.Test, table, cancellation));
            RunFailedException.Guard(() => Conclude(arguments, recipe, trainer, report, streams.Text));
            return report;
        }
        catch (TrainingStoppedException fault) when (CanConclude(fault))
        {
            Try(() =>
            {
                Conclude(arguments, recipe, trainer, fault.Report!, streams.Text);
                RunReport.Of(arguments, fault.Report!).Write(arguments.JsonFile, streams);
            });
            throw;
        }
    }

    // The report of the first run is worth writing whatever becomes of the second.
    private static (TrainedModel Last, OneBitReport? Report) Compare(
        TrainedModel trained, RunView view, Streams streams, CancellationToken cancellation)
    {
        try
        {
            return OneBitJob.Run(trained.Arguments, streams.Text, view, cancellation);
        }
        catch (TrainingStoppedException)
        {
            Try(() => RunReport.Of(trained.Arguments, trained.Report).Write(trained.Arguments.JsonFile, streams));
            throw;
        }
    }

    private static void Introduce(Arguments arguments, Recipe recipe, TextWriter text)
    {
        ImageSets mnist = recipe.Mnist;
        int weights = recipe.Model.Parameters.Where(parameter => parameter.IsWeight).Sum(parameter => parameter.Length);
        text.WriteLine(
            $"BinaryConnect on MNIST: {OptionParsing.NameOf(arguments.Recipe)} recipe, {BinarizerName(arguments.Binarizer)}, "
            + $"seed {arguments.Seed}");
        text.WriteLine(
            $"{mnist.Train.Count:N0} training and {mnist.Test.Count:N0} test examples; {weights:N0} weights");
        text.WriteLine($"tested with {WeightsText.Of(recipe.Options)}");
        text.WriteLine();
    }

    private static void Conclude(
        Arguments arguments, Recipe recipe, Trainer trainer, TrainingReport report, TextWriter text)
    {
        text.WriteLine();
        text.WriteLine($"{Describe(report.StopReason)} after {report.Steps.Count:N0} steps, {report.Elapsed.TotalSeconds:F2} s");
        if (report.BestEvaluation is EvaluationResult best)
            text.WriteLine($"Best test accuracy {best.Accuracy:F4}, at step {best.Step:N0}");
        if (arguments.Binarizer == BinarizerKind.None && report.StopReason is not (StopReason.Diverged or StopReason.Failed))
            SayBinarized(text, trainer, recipe, recipe.Mnist.Test);
        if (report.FinalEvaluation is EvaluationResult last)
            text.WriteLine($"Final test loss {last.Loss:F4}, test accuracy {last.Accuracy:F4}");
        else text.WriteLine("No evaluation: it was stopped before the first one");
    }

    private static void SayBinarized(TextWriter output, Trainer trainer, Recipe recipe, Dataset test)
    {
        recipe.Model.Binarize(new DeterministicBinarizer());
        EvaluationResult signs = trainer.Evaluate(recipe.Model, test);
        output.WriteLine(
            $"The same weights binarized after training: test loss {signs.Loss:F4}, test accuracy {signs.Accuracy:F4}");
    }
}
