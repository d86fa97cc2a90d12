namespace BinaryConnect.Training.Metrics;

/// <summary>
/// A figure by which evaluations are compared, to keep the best model and to stop early. <see cref="Metric"/> has those
/// of this library. Checkpoints hold its name, and a resumed run must have a metric of the same name.
/// </summary>
public interface IMetric
{
    /// <summary>The name of the metric with all that it depends on, such as "recall of class 3"; not empty.</summary>
    string Name { get; }

    /// <summary>Whether a greater figure is better; true unless overridden.</summary>
    bool GreaterIsBetter => true;

    /// <summary>The figure of an evaluation. It depends on the evaluation alone.</summary>
    /// <param name="result">The evaluation.</param>
    /// <returns>The figure; NaN ends the run.</returns>
    double Compute(EvaluationResult result);
}
