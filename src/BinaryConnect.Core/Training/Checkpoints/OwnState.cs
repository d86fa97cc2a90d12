using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Training.Runs;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>State that the run's binarizer, model and schedule keep, and may refuse to restore.</summary>
/// <param name="BinarizerDraws">The number of draws of the binarizer.</param>
/// <param name="ModelDraws">The number of draws of each part of the model.</param>
/// <param name="Schedule">The state of the schedule.</param>
internal sealed record OwnState(long BinarizerDraws, long[] ModelDraws, double[] Schedule)
{
    private const string BinarizerName = "binarizer.draws", ModelName = "model.draws", ScheduleName = "schedule.state";

    /// <summary>The current state of a run.</summary>
    /// <exception cref="InvalidOperationException">No file could restore it.</exception>
    public static OwnState Of(RunState run)
    {
        long binarizer = run.Options.Binarizer.Draws;
        IReadOnlyList<long>? model = run.Model.Draws;
        IReadOnlyList<double>? schedule = run.Options.Schedule.State;
        if (model is null)
            throw new InvalidOperationException("'Draws' of the model is null; for a checkpoint it must be a list.");
        if (schedule is null)
            throw new InvalidOperationException("'State' of the schedule is null; for a checkpoint it must be a list.");
        CheckCount(binarizer, "binarizer");
        foreach (long draws in model) CheckCount(draws, "model");
        return new OwnState(binarizer, [.. model], [.. schedule]);
    }

    /// <summary>Reads the state from a file; the run does not change.</summary>
    /// <exception cref="InvalidDataException">The file does not have it, or not in this form.</exception>
    public static OwnState Read(CheckpointTensors tensors, RunState run) => new(
        tensors.ReadCounts(BinarizerName, 1)[0],
        tensors.ReadCounts(ModelName, run.Model.Draws.Count),
        tensors.Read<double>(ScheduleName));

    /// <summary>Adds the state to a file.</summary>
    public void AddTo(SafetensorsWriter writer)
    {
        writer.Add<long>(BinarizerName, [1], new[] { BinarizerDraws });
        writer.Add<long>(ModelName, [ModelDraws.Length], ModelDraws);
        writer.Add<double>(ScheduleName, [Schedule.Length], Schedule);
    }

    /// <summary>Restores the state of the run; if an object refuses its part, all stay as they were.</summary>
    /// <exception cref="InvalidDataException">An object refuses its part.</exception>
    public void Restore(RunState run, CheckpointTensors tensors)
    {
        OwnState before = Of(run);
        (string Tensor, string Owner, Action<OwnState> Set, Func<OwnState, bool> IsTaken)[] parts =
        [
            (BinarizerName, "binarizer", state => run.Options.Binarizer.Draws = state.BinarizerDraws, HasBinarizerDraws),
            (ModelName, "model", state => run.Model.Draws = state.ModelDraws, HasModelDraws),
            (ScheduleName, "schedule", state => SetSchedule(run, state), HasSchedule),
        ];
        int done = 0;
        try
        {
            for (; done < parts.Length; done++)
            {
                parts[done].Set(this);
                if (!parts[done].IsTaken(Of(run))) throw new ArgumentException("It gives back another.");
            }
        }
        catch (Exception fault)
        {
            for (int i = done; i >= 0; i--) PutBack(parts[i].Set, before);
            (string tensor, string owner) = (parts[done].Tensor, parts[done].Owner);
            throw new InvalidDataException(
                tensors.Fault($"tensor '{tensor}' is no state of the {owner}. {fault.Message}").Message, fault);
        }
    }

    // A schedule may keep more than its state. Reset that first, so that it does not mix with a state of another run.
    private static void SetSchedule(RunState run, OwnState state)
    {
        run.Options.Schedule.Reset();
        run.Options.Schedule.State = state.Schedule;
    }

    // An object that refuses its own state is left as it is: the first fault is the one to report.
    private static void PutBack(Action<OwnState> set, OwnState before)
    {
        try
        {
            set(before);
        }
        catch (Exception)
        {
        }
    }

    private bool HasBinarizerDraws(OwnState other) => other.BinarizerDraws == BinarizerDraws;

    private bool HasModelDraws(OwnState other) => other.ModelDraws.SequenceEqual(ModelDraws);

    private bool HasSchedule(OwnState other) => other.Schedule.SequenceEqual(Schedule);

    private static void CheckCount(long draws, string owner)
    {
        if (draws is < 0 or > Guard.MostCount)
            throw new InvalidOperationException(
                $"'Draws' of the {owner} has {draws:N0}; for a checkpoint it must be from 0 to {Guard.MostCount:N0}.");
    }
}
