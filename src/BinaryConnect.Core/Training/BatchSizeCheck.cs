using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;

namespace BinaryConnect.Training;

/// <summary>Checks that a model can learn from batches, and from data, of a number of rows.</summary>
internal static class BatchSizeCheck
{
    /// <summary>Throws if the batches of the options are too small or too large for a model.</summary>
    /// <exception cref="ArgumentException">The batches are too small or too large.</exception>
    public static void Run(IModel model, TrainerOptions options)
    {
        int least = model.LeastRows, most = RowLimit.Of(model);
        if (options.BatchSize < least) Throw($"for this model it must be at least its 'LeastRows', {least:N0}");
        if (options.BatchSize > most)
            Throw($"for this model, of {model.ClassCount:N0} classes, it must be at most {most:N0}");

        void Throw(string expected) =>
            throw new ArgumentException($"'BatchSize' is {options.BatchSize:N0}; {expected}.", nameof(options));
    }

    /// <summary>Throws if data have too few rows to train a model, or to recompute its statistics.</summary>
    /// <exception cref="ArgumentException">The data have too few rows.</exception>
    public static void Run(IModel model, Dataset train) => Check(train.Count, model.LeastRows, nameof(train), "");

    /// <summary>Throws if a sampler has too few rows to train a model.</summary>
    /// <exception cref="ArgumentException">The sampler has too few rows.</exception>
    public static void Run(IModel model, BatchSampler sampler)
    {
        Run(model, sampler.Dataset);
        Check(sampler.EpochRows, model.LeastRows, nameof(sampler), " in its order");
    }

    /// <summary>Throws if a batch is larger than the batch size of the options, or has no labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch is larger.</exception>
    /// <exception cref="ArgumentException">The batch has no labels.</exception>
    public static void Run(Batch batch, TrainerOptions options)
    {
        if (batch.Count > options.BatchSize)
            throw new ArgumentOutOfRangeException(
                nameof(batch),
                $"'batch' has {batch.Count:N0} rows; it must have at most 'BatchSize', {options.BatchSize:N0}.");
        if (batch.Labels.IsEmpty)
            throw new ArgumentException(
                $"'batch' has no labels; it must have one for each of its {batch.Count:N0} rows.", nameof(batch));
    }

    private static void Check(int rows, int least, string name, string where)
    {
        string what = rows == 1 ? "row" : "rows";
        if (rows < least)
            throw new ArgumentException(
                $"'{name}' has {rows:N0} {what}{where}; for this model it must have at least its 'LeastRows', {least:N0}.",
                name);
    }
}
