using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Training.Evaluation;

namespace BinaryConnect.Training.Runs;

/// <summary>Checks that data fit a model and the options of a run.</summary>
internal static class DataCheck
{
    /// <summary>Throws if a run cannot use its data.</summary>
    /// <exception cref="ArgumentException">The run cannot use them.</exception>
    public static void Run(IModel model, BatchSampler sampler, Dataset? evaluation, TrainerOptions options)
    {
        Fits(model, sampler.Dataset, "train");
        FitsLoss(model, options);
        BatchSizeCheck.Run(model, options);
        BatchSizeCheck.Run(model, sampler);
        if (sampler.BatchSize != options.BatchSize)
            throw new ArgumentException(
                $"'sampler' has batches of {sampler.BatchSize:N0} rows; they must have 'BatchSize', {options.BatchSize:N0}.",
                nameof(sampler));
        if (evaluation is not null) ForEvaluation(model, evaluation, nameof(evaluation), options);
        else if (options.EvaluateEverySteps is int every)
            throw new ArgumentNullException(
                nameof(evaluation), $"'evaluation' is null; to evaluate every {every:N0} steps it must be a data set.");
    }

    /// <summary>Throws if a model cannot be evaluated on data with the options.</summary>
    /// <exception cref="ArgumentException">The model cannot be evaluated.</exception>
    public static void ForEvaluation(IModel model, Dataset data, string name, TrainerOptions options)
    {
        Fits(model, data, name);
        FitsLoss(model, options);
        if (options.EvaluationWeights == EvaluationWeights.SampledAverage) _ = Evaluator.SumsLength(model, data, name);
    }

    private static void FitsLoss(IModel model, TrainerOptions options)
    {
        if (options.Loss is IClassWeighted { ClassWeights: IReadOnlyList<float> weights })
            ClassWeights.Check(weights, model.ClassCount);
    }

    /// <summary>Throws if data have other features or classes than a model.</summary>
    /// <exception cref="ArgumentException">They have other features or classes.</exception>
    public static void Fits(IModel model, Dataset data, string name)
    {
        if (data.FeatureCount != model.FeatureCount)
            throw new ArgumentException(
                $"'{name}' has rows of {data.FeatureCount:N0} features; they must have the model's, {model.FeatureCount:N0}.",
                name);
        if (data.ClassCount != model.ClassCount)
            throw new ArgumentException(
                $"'{name}' has {data.ClassCount:N0} classes; it must have the model's, {model.ClassCount:N0}.", name);
    }
}
