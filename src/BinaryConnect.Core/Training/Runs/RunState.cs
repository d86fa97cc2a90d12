using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Training.Checkpoints;

namespace BinaryConnect.Training.Runs;

/// <summary>What a run works with, and what it has come to: what a checkpoint holds.</summary>
internal sealed record RunState(IModel Model, BatchSampler Sampler, Dataset? Evaluation, TrainerOptions Options, int TotalSteps)
{
    /// <summary>What it did so far.</summary>
    public TrainingReport Report { get; } = new(Options.Seed, Options.EvaluationWeights, TotalSteps);

    /// <summary>The model at its best evaluation; null where the options do not ask for it.</summary>
    public ModelCopy? Best { get; } = Options.KeepBest ? new ModelCopy(Model, HasOwnEffective(Options)) : null;

    /// <summary>Whether what the model propagates does not follow from its latent values, so that it must be kept beside them.</summary>
    public bool KeepsEffective => HasOwnEffective(Options);

    /// <summary>Throws where a replayed order ends before the run.</summary>
    /// <param name="position">Where the sampler stands, or will.</param>
    /// <param name="done">How many steps were taken by then.</param>
    /// <exception cref="ArgumentException">It does.</exception>
    public void CheckBatchesLast((int Epoch, int Row) position, int done)
    {
        long left = Sampler.BatchesFrom(position), asked = TotalSteps - done;
        if (left < asked)
            throw new ArgumentException(
                $"'sampler' has {left:N0} batches left of its replayed order, and 'MaxSteps' and 'MaxEpochs' ask for "
                + $"{asked:N0} steps; there must be a batch for each.");
    }

    // Those of the last step may be drawn at random; all others are made anew by EvaluationForm.UseWeights.
    private static bool HasOwnEffective(TrainerOptions options) => options.EvaluationWeights == EvaluationWeights.LastStep;
}
