using BinaryConnect.Files;
using BinaryConnect.Training.Metrics;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>A report in a checkpoint: a list for each of its columns.</summary>
internal static class ReportTensors
{
    private const string Steps = "report.steps", Evaluations = "report.evaluations";
    private const string RateChanges = "report.rate_changes", Elapsed = "report.elapsed";

    /// <summary>Adds steps, evaluations, rate changes and the elapsed time to a file.</summary>
    public static void AddTo(SafetensorsWriter writer, TrainingReport report, int classes)
    {
        Add(report.Steps, $"{Steps}.loss", step => step.Loss);
        Add(report.Steps, $"{Steps}.learning_rate", step => step.LearningRate);
        Add(report.Steps, $"{Steps}.sign_flips", step => step.SignFlips);
        Add(report.Steps, $"{Steps}.weight_change", step => step.WeightChange);
        Add(report.Evaluations, $"{Evaluations}.step", evaluation => evaluation.Step);
        Add(report.Evaluations, $"{Evaluations}.learning_rate", evaluation => evaluation.LearningRate);
        Add(report.Evaluations, $"{Evaluations}.loss", evaluation => evaluation.Loss);
        Add(report.Evaluations, $"{Evaluations}.accuracy", evaluation => evaluation.Accuracy);
        Add(report.Evaluations, $"{Evaluations}.count", evaluation => evaluation.Count);
        if (classes <= ConfusionMatrix.MostClasses)
            writer.Add<int>($"{Evaluations}.confusion", [report.Evaluations.Count, classes, classes], CountsOf(report));
        Add(report.RateChanges, $"{RateChanges}.step", change => change.Step);
        Add(report.RateChanges, $"{RateChanges}.from", change => change.From);
        Add(report.RateChanges, $"{RateChanges}.to", change => change.To);
        writer.Add<long>(Elapsed, [1], new[] { report.Elapsed.Ticks });

        void Add<TRow, T>(IReadOnlyList<TRow> rows, string name, Func<TRow, T> column)
            where T : unmanaged => writer.Add<T>(name, [rows.Count], rows.Select(column).ToArray());
    }

    /// <summary>Reads them into an empty report.</summary>
    /// <param name="tensors">The tensors of the file.</param>
    /// <param name="report">The report.</param>
    /// <param name="rows">The number of rows of the evaluation data; 0 without.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <exception cref="InvalidDataException">
    /// The file does not have them, or they do not fit together, or a value is out of range.
    /// </exception>
    public static void Read(CheckpointTensors tensors, TrainingReport report, int rows, int classes)
    {
        ReadSteps(tensors, report);
        ReadEvaluations(tensors, report, rows, classes);
        ReadRateChanges(tensors, report);
        report.Elapsed = new TimeSpan(tensors.ReadCounts(Elapsed, 1)[0]);
    }

    private static void ReadSteps(CheckpointTensors tensors, TrainingReport report)
    {
        double[] losses = ReadLosses(tensors, $"{Steps}.loss", null);
        float[] rates = ReadRates(tensors, $"{Steps}.learning_rate", losses.Length);
        int[] signFlips = tensors.Read<int>($"{Steps}.sign_flips", losses.Length, flips => flips >= 0, "zero or positive");
        double[] weightChanges = tensors.Read<double>(
            $"{Steps}.weight_change",
            losses.Length,
            change => change >= 0 && double.IsFinite(change),
            "finite and not negative");
        for (int i = 0; i < losses.Length; i++)
            report.Add(new StepResult(losses[i], rates[i], signFlips[i], weightChanges[i]));
    }

    private static int[] CountsOf(TrainingReport report) =>
        [.. report.Evaluations.SelectMany(evaluation => evaluation.Confusion!.Counts)];

    private static void ReadEvaluations(CheckpointTensors tensors, TrainingReport report, int rows, int classes)
    {
        int[] steps = ReadStepNumbers(tensors, $"{Evaluations}.step", report);
        float[] rates = ReadRates(tensors, $"{Evaluations}.learning_rate", steps.Length);
        double[] losses = ReadLosses(tensors, $"{Evaluations}.loss", steps.Length);
        double[] accuracies = tensors.Read<double>(
            $"{Evaluations}.accuracy", steps.Length, value => value is >= 0 and <= 1, "from 0 to 1");
        int[] counts = tensors.Read<int>(
            $"{Evaluations}.count", steps.Length, count => count == rows, $"{rows:N0}, the number of rows to evaluate on");
        ConfusionMatrix[]? matrices =
            classes <= ConfusionMatrix.MostClasses ? ReadMatrices(tensors, accuracies, rows, classes) : null;
        for (int i = 0; i < steps.Length; i++)
        {
            var evaluation = new EvaluationResult(
                steps[i], rates[i], losses[i], accuracies[i], counts[i], report.EvaluationWeights);
            try
            {
                report.Add(evaluation with { Confusion = matrices?[i] });
            }
            catch (InvalidOperationException fault)
            {
                throw tensors.Fault(fault.Message);
            }
        }
    }

    private static ConfusionMatrix[] ReadMatrices(CheckpointTensors tensors, double[] accuracies, int rows, int classes)
    {
        const string Name = $"{Evaluations}.confusion";
        int area = checked(classes * classes);
        int[] counts = tensors.ReadBlocks<int>(Name, [accuracies.Length, classes, classes]);
        var matrices = new ConfusionMatrix[accuracies.Length];
        for (int i = 0; i < matrices.Length; i++)
        {
            try
            {
                matrices[i] = new ConfusionMatrix(classes, counts[(i * area)..((i + 1) * area)]);
            }
            catch (ArgumentException fault)
            {
                throw tensors.Fault($"tensor '{Name}' has an evaluation {i:N0} that is none. {fault.Message}");
            }

            if (matrices[i].Count != rows || matrices[i].Accuracy != accuracies[i])
                throw tensors.Fault(
                    $"tensor '{Name}' has {matrices[i].Count:N0} rows and an accuracy of {matrices[i].Accuracy} at {i:N0}; "
                    + $"it must have {rows:N0} rows and an accuracy of {accuracies[i]}.");
        }

        return matrices;
    }

    private static void ReadRateChanges(CheckpointTensors tensors, TrainingReport report)
    {
        int[] steps = ReadStepNumbers(tensors, $"{RateChanges}.step", report);
        float[] from = ReadRates(tensors, $"{RateChanges}.from", steps.Length);
        float[] to = ReadRates(tensors, $"{RateChanges}.to", steps.Length);
        for (int i = 0; i < steps.Length; i++) report.Add(new RateChange(steps[i], from[i], to[i]));
    }

    private static double[] ReadLosses(CheckpointTensors tensors, string name, int? length) =>
        tensors.Read<double>(name, length, double.IsFinite, "finite");

    private static float[] ReadRates(CheckpointTensors tensors, string name, int length) =>
        tensors.Read<float>(name, length, rate => rate >= 0 && float.IsFinite(rate), "finite and not negative");

    private static int[] ReadStepNumbers(CheckpointTensors tensors, string name, TrainingReport report)
    {
        int[] steps = tensors.Read<int>(name);
        for (int i = 0; i < steps.Length; i++)
        {
            int least = i == 0 ? 1 : steps[i - 1] + 1;
            if (steps[i] < least || steps[i] > report.Steps.Count)
                throw tensors.Fault(
                    $"tensor '{name}' has {steps[i]:N0} at {i:N0}; "
                    + $"it must be a step from {least:N0} to {report.Steps.Count:N0}.");
        }

        return steps;
    }
}
