using BinaryConnect.Fuzz.Tensors;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Fuzz.Checkpoint;

/// <summary>
/// Checkpoints, read by <c>Trainer.Resume</c>. A refusal must leave everything as it was. A file
/// whose checksum was not made to fit must be the original. One whose checksum was may be taken; then it trains on, and
/// all its values stay finite.
/// </summary>
internal sealed class CheckpointTarget : IFuzzTarget<CheckpointMutant, TrainingReport>, IDisposable
{
    private const int LongestMessage = 4000;
    private const string Damaged = "it was read, though it was damaged.";

    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointOriginal[] _originals;
    private readonly Dictionary<CheckpointOriginal, CheckpointRun> _runs = [];
    private readonly string _path;

    public CheckpointTarget()
    {
        _originals = CheckpointOriginal.All(_folder.Path);
        _path = _folder.PathOf("mutant");
    }

    public void Dispose() => _folder.Dispose();

    public CheckpointMutant Make(Random random)
    {
        CheckpointOriginal original = _originals[random.Next(_originals.Length)];
        byte[] content = original.Content;
        string change = "";
        if (random.Next(4) > 0)
        {
            var file = TensorFile.Parse(content);
            bool isAnything = random.Next(3) == 0;
            for (int i = random.Next(3); i >= 0; i--)
            {
                string one = isAnything
                    ? CheckpointChanges.Apply(random, file)
                    : CheckpointChanges.ApplyToValues(random, file);
                change += $"; {one}";
            }

            content = file.ToBytes();
        }

        if (change.Length == 0 || random.Next(10) == 0)
        {
            byte[] other = _originals[random.Next(_originals.Length)].Content;
            content = ByteChanges.Apply(random, content, other, out string bytes);
            change += $"; {bytes}";
        }

        bool isSealed = random.Next(6) > 0 && TensorFile.TrySeal(content);
        return new CheckpointMutant
        {
            Content = content,
            Change = $"{original.Name}{change}{(isSealed ? "; sealed" : "")}",
            Original = original,
            IsSealed = isSealed,
        };
    }

    public TrainingReport Read(CheckpointMutant mutant)
    {
        File.WriteAllBytes(_path, mutant.Content);
        return RunOf(mutant).Resume();
    }

    public string? FaultOf(CheckpointMutant mutant, TrainingReport result)
    {
        CheckpointRun run = RunOf(mutant);
        _runs.Remove(mutant.Original);
        if (!mutant.IsSealed && !IsWhole(mutant)) return Damaged;
        return FaultOf(result) ?? run.FaultOfValues();
    }

    public string? FaultOf(CheckpointMutant mutant, Exception refusal)
    {
        CheckpointRun run = RunOf(mutant);
        if (refusal is TrainingDivergedException { Report: not null } diverged)
        {
            _runs.Remove(mutant.Original);
            if (!mutant.IsSealed) return Damaged;
            return FaultOf(diverged.Report) ?? run.FaultOfValues();
        }

        if (!IsDocumented(refusal)) return $"it was refused by an exception that is not documented: {refusal}";
        if (refusal.Message.Length > LongestMessage) return $"its message has {refusal.Message.Length} characters.";
        if (IsWhole(mutant)) return $"it was refused, though nothing is wrong: {refusal.Message}";
        return run.HasChanged ? $"it was refused, and something has changed: {refusal.Message}" : null;
    }

    public long UnpackedLength(CheckpointMutant mutant) => mutant.Content.Length;

    // Of another run, or damaged; a replayed order may also end too early for the place that the file gives.
    private bool IsDocumented(Exception refusal) =>
        refusal.Message.StartsWith($"{_path}: ", StringComparison.Ordinal)
            ? refusal is InvalidDataException || refusal.GetType() == typeof(ArgumentException)
            : refusal.GetType() == typeof(ArgumentException)
                && refusal.Message.StartsWith("'sampler' has ", StringComparison.Ordinal);

    private static bool IsWhole(CheckpointMutant mutant) => mutant.Content.AsSpan().SequenceEqual(mutant.Original.Content);

    private static string? FaultOf(TrainingReport report)
    {
        if (!report.Steps.All(IsFinite)) return "a step of the report is not finite.";
        if (!report.Evaluations.All(evaluation => double.IsFinite(evaluation.Loss) && evaluation.Accuracy is >= 0 and <= 1))
            return "an evaluation of the report is out of range.";
        return report.Elapsed >= TimeSpan.Zero ? null : $"the report took {report.Elapsed}.";
    }

    private static bool IsFinite(StepResult step) =>
        double.IsFinite(step.Loss) && double.IsFinite(step.WeightChange) && float.IsFinite(step.LearningRate);

    // A run is used until one of its checkpoints is taken.
    private CheckpointRun RunOf(CheckpointMutant mutant)
    {
        if (!_runs.TryGetValue(mutant.Original, out CheckpointRun? run))
        {
            run = mutant.Original.NewRun(_path);
            _runs.Add(mutant.Original, run);
        }

        return run;
    }
}
