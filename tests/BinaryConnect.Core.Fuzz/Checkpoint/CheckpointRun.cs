using System.Runtime.InteropServices;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Training;

namespace BinaryConnect.Fuzz.Checkpoint;

/// <summary>All that a resumed run may change.</summary>
internal sealed class CheckpointRun
{
    private readonly TrainerOptions _options;
    private readonly ulong _before;

    public CheckpointRun(IModel model, TrainerOptions options, BatchSampler sampler, Dataset evaluation)
    {
        Model = model;
        _options = options;
        Sampler = sampler;
        Evaluation = evaluation;
        Trainer = new Trainer(options);
        _before = Digest();
    }

    public IModel Model { get; }

    public BatchSampler Sampler { get; }

    public Dataset Evaluation { get; }

    public Trainer Trainer { get; }

    /// <summary>Whether anything differs from when this was made.</summary>
    public bool HasChanged => Digest() != _before;

    /// <summary>Goes on from the checkpoint to the end.</summary>
    public TrainingReport Resume() => Trainer.Resume(Model, Sampler, Evaluation);

    /// <summary>The first value of model or optimizer that is not finite or out of range; null for none.</summary>
    public string? FaultOfValues()
    {
        foreach (Parameter parameter in Model.Parameters)
        {
            if (!AreFinite(parameter.Latent)) return $"latent values of '{parameter.Name}' are not finite.";
            if (!AreFinite(parameter.Effective)) return $"propagated values of '{parameter.Name}' are not finite.";
            if (_options.Optimizer.StateOf(parameter).Fault() is string fault) return $"of '{parameter.Name}', {fault}.";
        }

        Statistic? statistic = Model.Statistics.FirstOrDefault(statistic => !AreFinite(statistic.Values));
        return statistic is null ? null : $"values of '{statistic.Name}' are not finite.";
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return false;
        }

        return true;
    }

    // FNV-1a over 64-bit words.
    private ulong Digest()
    {
        ulong digest = 0xCBF29CE484222325;
        foreach (Parameter parameter in Model.Parameters)
        {
            Add(parameter.Latent);
            Add(parameter.Effective);
            OptimizerState state = _options.Optimizer.StateOf(parameter);
            AddWord((ulong)state.Steps);
            for (int i = 0; i < state.SlotNames.Count; i++) Add(state.Slot(i));
        }

        foreach (Statistic statistic in Model.Statistics) Add(statistic.Values);
        foreach (double value in _options.Schedule.State) AddWord(BitConverter.DoubleToUInt64Bits(value));
        foreach (long draws in Model.Draws) AddWord((ulong)draws);
        AddWord((ulong)_options.Binarizer.Draws);
        (int epoch, int row) = Sampler.Position;
        AddWord((ulong)epoch << 32 | (uint)row);
        return digest;

        void Add(ReadOnlySpan<float> values)
        {
            foreach (uint word in MemoryMarshal.Cast<float, uint>(values)) AddWord(word);
        }

        void AddWord(ulong word) => digest = (digest ^ word) * 0x100000001B3;
    }
}
