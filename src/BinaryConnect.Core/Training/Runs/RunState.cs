using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training.Checkpoints;

namespace BinaryConnect.Training.Runs;

/// <summary>The objects and the state of a run, which a checkpoint holds.</summary>
internal sealed record RunState(
    IModel Model, BatchSampler Sampler, Dataset? Evaluation, TrainerOptions Options, int TotalSteps)
{
    /// <summary>The report so far.</summary>
    public TrainingReport Report { get; } =
        new(Options.Seed, Options.EvaluationWeights, TotalSteps, Options.Metric, Options.LeastGain);

    /// <summary>The model at its best evaluation; null unless the options require it.</summary>
    public ModelCopy? Best { get; } = Options.KeepBest ? new ModelCopy(Model, HasOwnEffective(Options)) : null;

    /// <summary>
    /// Whether the effective values do not follow from the latent ones, so that they must be kept too.
    /// </summary>
    public bool KeepsEffective => HasOwnEffective(Options);

    /// <summary>Throws if a replayed order ends before the run.</summary>
    /// <param name="position">The position of the sampler.</param>
    /// <param name="done">The number of steps up to that position.</param>
    /// <exception cref="ArgumentException">The order ends before the run.</exception>
    public void CheckBatchesLast((int Epoch, int Row) position, int done)
    {
        long left = Sampler.BatchesFrom(position), asked = TotalSteps - done;
        if (left < asked)
            throw new ArgumentException(
                $"'sampler' has {left:N0} batches left of its replayed order, and 'MaxSteps' and 'MaxEpochs' ask for "
                + $"{asked:N0} steps; there must be a batch for each.");
    }

    // Those of the last step may be random draws; EvaluationForm.UseWeights recomputes all others.
    private static bool HasOwnEffective(TrainerOptions options) =>
        options.EvaluationWeights == EvaluationWeights.LastStep;
}
