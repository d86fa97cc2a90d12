using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The main job: load, train with a live view, report.</summary>
internal static class MainJob
{
    public static void Run(Arguments arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (arguments.JsonFile is not null) RunReport.CheckWritable(arguments.JsonFile);
        var recipe = Recipe.For(arguments);
        Data.Mnist mnist = recipe.Mnist;
        output.WriteLine($"BinaryConnect on MNIST: {OptionParsing.NameOf(arguments.Recipe)} recipe, {BinarizerName(arguments.Binarizer)}, seed {arguments.Seed}");
        output.WriteLine($"{mnist.Train.Count:N0} training and {mnist.Test.Count:N0} test examples; {recipe.Model.Weights.Length:N0} weights; tested with {Describe(recipe.Options)}");
        output.WriteLine();

        // No progress but on a terminal: a run takes seconds.
        var view = new LiveView(output, ProgressLine.For(error, plainInterval: TimeSpan.MaxValue));
        var trainer = new Trainer(recipe.Options);
        TrainingReport report = trainer.Fit(recipe.Model, mnist.Train, mnist.Test, view, cancellation);
        view.Close();

        output.WriteLine();
        output.WriteLine($"{Describe(report.StopReason)} after {report.Steps.Count:N0} steps, {report.Elapsed.TotalSeconds:F2} s");
        if (arguments.JsonFile is not null) RunReport.Of(arguments, report).Write(arguments.JsonFile);
        if (report.BestEvaluation is EvaluationResult best) output.WriteLine($"Best test accuracy {best.Accuracy:F4}, at step {best.Step:N0}");
        if (arguments.Binarizer == BinarizerKind.None) SayBinarized(output, trainer, recipe, mnist.Test);
        if (report.FinalEvaluation is EvaluationResult last) output.WriteLine($"Final test loss {last.Loss:F4}, test accuracy {last.Accuracy:F4}");
        else output.WriteLine("No evaluation: it was stopped before the first one");
    }

    /// <summary>What lines of text call a binarizer.</summary>
    public static string BinarizerName(BinarizerKind binarizer) => binarizer switch
    {
        BinarizerKind.Deterministic => "deterministic binarizer",
        BinarizerKind.Stochastic => "stochastic binarizer",
        _ => "no binarizer",
    };

    /// <summary>What lines of text call the weights that evaluations use.</summary>
    public static string Describe(TrainerOptions options) => options switch
    {
        { Binarizer: FullPrecision } or { EvaluationWeights: EvaluationWeights.Latent } => "the real weights",
        { EvaluationWeights: EvaluationWeights.SampledAverage } => $"the average of {options.EvaluationSamples} networks drawn at random",
        { EvaluationWeights: EvaluationWeights.LastStep } => "the binary weights of the last step",
        _ => "the signs of the weights",
    };

    /// <summary>What lines of text call the end of a run.</summary>
    public static string Describe(StopReason reason) => reason switch
    {
        StopReason.ScheduleStopped => "Stopped by the schedule",
        StopReason.Cancelled => "Cancelled",
        StopReason.Diverged => "Diverged",
        StopReason.Failed => "Failed",
        _ => "Completed",
    };

    private static void SayBinarized(TextWriter output, Trainer trainer, Recipe recipe, Dataset test)
    {
        recipe.Model.Propagate(new DeterministicBinarizer());
        EvaluationResult signs = trainer.Evaluate(recipe.Model, test);
        output.WriteLine($"The same weights binarized after training: test loss {signs.Loss:F4}, test accuracy {signs.Accuracy:F4}");
    }
}
