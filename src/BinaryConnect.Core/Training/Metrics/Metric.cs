namespace BinaryConnect.Training.Metrics;

/// <summary>The metrics of this library.</summary>
public static class Metric
{
    /// <summary><see cref="EvaluationResult.Accuracy"/>; named "accuracy".</summary>
    public static IMetric Accuracy { get; } = new Known("accuracy", greaterIsBetter: true, result => result.Accuracy);

    /// <summary><see cref="EvaluationResult.Loss"/>, where less is better; named "loss".</summary>
    public static IMetric Loss { get; } = new Known("loss", greaterIsBetter: false, result => result.Loss);

    /// <summary>
    /// <see cref="ConfusionMatrix.MacroF1"/>; named "macro_f1". It throws <see cref="InvalidOperationException"/> for
    /// an evaluation without a confusion matrix.
    /// </summary>
    public static IMetric MacroF1 { get; } = new Known("macro_f1", greaterIsBetter: true, MacroF1Of);

    private static double MacroF1Of(EvaluationResult result) => result.Confusion?.MacroF1
        ?? throw new InvalidOperationException(
            $"The evaluation has no confusion matrix; for it there must be at most {ConfusionMatrix.MostClasses} classes.");

    private sealed class Known(string name, bool greaterIsBetter, Func<EvaluationResult, double> compute) : IMetric
    {
        public string Name => name;

        public bool GreaterIsBetter => greaterIsBetter;

        public double Compute(EvaluationResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            return compute(result);
        }
    }
}
