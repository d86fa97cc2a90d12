using System.Diagnostics;
using System.Numerics.Tensors;
using BinaryConnect.Data;
using BinaryConnect.Samples.Mnist.Saved;
using BinaryConnect.Samples.Mnist.Watching;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.OneBit;

/// <summary>
/// Trains the best recipe with one bit a weight and with real weights, packs the first, and compares the two. The
/// validation set chooses the step of each; the test set only measures.
/// </summary>
internal static class OneBitJob
{
    private static readonly TimeSpan TimePerModel = TimeSpan.FromMilliseconds(400);

    /// <summary>Runs the comparison.</summary>
    /// <param name="arguments">The arguments of the run; its recipe and binarizer are not used.</param>
    /// <param name="text">The stream of tables and conclusions.</param>
    /// <param name="view">The view of both trainings.</param>
    /// <param name="cancellation">Ends the training after a step.</param>
    /// <returns>The trained binary model, and the report; null if the run was cancelled.</returns>
    public static (TrainedModel Binary, OneBitReport? Report) Run(
        Arguments arguments, TextWriter text, RunView view, CancellationToken cancellation)
    {
        TrainedModel binary = Train(arguments, BinarizerKind.Deterministic, view, cancellation), real = binary;
        if (binary.Report.StopReason != StopReason.Cancelled)
            real = Train(arguments, BinarizerKind.None, view, cancellation);
        if (real.Report.StopReason == StopReason.Cancelled)
        {
            text.WriteLine("Cancelled before one bit was compared with real weights");
            return (binary, null);
        }

        OneBitReport report = Compare(binary, real);
        Say(text, report, binary.Recipe.Mnist.Validation.Count);
        return (binary, report);
    }

    private static TrainedModel Train(
        Arguments arguments, BinarizerKind binarizer, RunView view, CancellationToken cancellation)
    {
        Arguments own = arguments with { Binarizer = binarizer, Recipe = RecipeKind.Best };
        var recipe = Recipe.Validated(own);
        var trainer = new Trainer(recipe.Options);
        var meter = new RunMeter(view, "validation accuracy")
        {
            Name = binarizer == BinarizerKind.None ? "real weights, " : "one bit, ",
        };
        TrainingReport report = view.Watch(
            () => trainer.Fit(recipe.Model, recipe.Mnist.Train, recipe.Mnist.Validation, meter, cancellation));
        return new TrainedModel(own, recipe, report);
    }

    private static OneBitReport Compare(TrainedModel binary, TrainedModel real)
    {
        Dataset test = binary.Recipe.Mnist.Test;
        byte[] pixels = Pixels.Of(test);
        var latent = new SavedModel(binary.Recipe.Model, EvaluationWeights.Inference, test.Scale, test.Shift);
        var packed = new SavedModel(latent.Pack());
        var floats = new SavedModel(real.Recipe.Model, EvaluationWeights.Latent, test.Scale, test.Shift);
        EvaluationResult best = binary.Report.BestEvaluation!;
        return new OneBitReport(
            OptionParsing.NameOf(RecipeKind.Best),
            binary.Report.Steps.Count,
            best.Step,
            best.Accuracy,
            test.Count,
            Measure(packed, packed.Packed!.Bytes, pixels, test.Labels),
            Measure(floats, floats.Network!.Summary().LatentBytes, pixels, test.Labels));
    }

    // The first runs are those of code that the JIT has not optimized yet.
    private static OneBitReport.Side Measure(SavedModel model, long bytes, byte[] pixels, ReadOnlySpan<int> labels)
    {
        int[] classes = new int[labels.Length];
        TimeSpan least = TimeSpan.MaxValue;
        var all = Stopwatch.StartNew();
        do
        {
            long begin = Stopwatch.GetTimestamp();
            model.Predict(pixels, classes);
            TimeSpan one = Stopwatch.GetElapsedTime(begin);
            if (one < least) least = one;
        }
        while (all.Elapsed < TimePerModel);

        int wrong = TensorPrimitives.HammingDistance<int>(classes, labels);
        return new OneBitReport.Side(bytes, 1 - (double)wrong / labels.Length, least.TotalSeconds);
    }

    private static void Say(TextWriter text, OneBitReport report, int validationRows)
    {
        text.WriteLine();
        text.WriteLine(
            $"What one bit a weight buys: the best recipe, {report.Steps:N0} steps, twice{Environment.NewLine}"
            + $"{validationRows:N0} validation examples choose the step");
        text.WriteLine();
        text.WriteLine($"                      bytes   test accuracy   {report.Images:N0} images, one thread");
        Row("real weights", report.Real);
        Row("one bit, packed", report.Packed);
        text.WriteLine();
        double gained = report.Packed.TestAccuracy - report.Real.TestAccuracy;
        text.WriteLine(
            $"One bit: {(double)report.Real.Bytes / report.Packed.Bytes:F0} times smaller, "
            + $"{report.Real.Seconds / report.Packed.Seconds:F1} times as fast, "
            + $"test accuracy {Math.Abs(gained):F4} {(gained < 0 ? "lower" : "higher")}");

        void Row(string name, OneBitReport.Side side) =>
            text.WriteLine($"{name,-16}{side.Bytes,11:N0}{side.TestAccuracy,16:F4}{1e3 * side.Seconds,23:F2} ms");
    }
}
