using BinaryConnect.Data;
using BinaryConnect.Models;

namespace BinaryConnect.Training;

/// <summary>What a run works with, and what it has come to: what a checkpoint holds.</summary>
internal sealed record RunState(IModel Model, BatchSampler Sampler, Dataset? Evaluation, TrainerOptions Options, int TotalSteps)
{
    /// <summary>What it did so far.</summary>
    public TrainingReport Report { get; } = new(Options.Seed, Options.EvaluationWeights, TotalSteps);

    /// <summary>The model at its best evaluation; null where the options do not ask for it.</summary>
    public ModelCopy? Best { get; } = Options.KeepBest ? new ModelCopy(Model, HasOwnPropagated(Options)) : null;

    /// <summary>Whether what the model propagates does not follow from its latent values, so that it must be kept beside them.</summary>
    public bool KeepsPropagated => HasOwnPropagated(Options);

    // Those of the last step may be drawn at random; all others are made anew by EvaluationForm.UseWeights.
    private static bool HasOwnPropagated(TrainerOptions options) => options.EvaluationWeights == EvaluationWeights.LastStep;
}
