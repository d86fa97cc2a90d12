using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>What a run works with, and what it has come to: what a checkpoint holds.</summary>
internal sealed record RunState(IModel Model, BatchSampler Sampler, Dataset? Evaluation, TrainerOptions Options, int TotalSteps)
{
    /// <summary>What it did so far.</summary>
    public TrainingReport Report { get; } = new(Options.Seed, Options.EvaluationWeights, TotalSteps);

    /// <summary>The model at its best evaluation; null where the options do not ask for it.</summary>
    public ModelCopy? Best { get; } = Options.KeepBest ? new ModelCopy(Model) : null;
}
