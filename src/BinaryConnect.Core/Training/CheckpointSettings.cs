using BinaryConnect.Data;
using BinaryConnect.Models;
using static System.FormattableString;

namespace BinaryConnect.Training;

/// <summary>
/// What must be the same for a run to go on as it began, as texts by name. Left out is what does not change a bit: how many steps
/// there are, on how many threads, and the checkpoints themselves.
/// </summary>
internal static class CheckpointSettings
{
    /// <summary>The settings of a run.</summary>
    public static IReadOnlyDictionary<string, string> Of(RunState run)
    {
        TrainerOptions options = run.Options;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [nameof(options.BatchSize)] = Text(options.BatchSize),
            [nameof(options.Seed)] = Text(options.Seed),
            [nameof(options.Binarizer)] = Text(options.Binarizer),
            [nameof(options.Loss)] = Text(options.Loss),
            [nameof(options.Optimizer)] = Text(options.Optimizer),
            [nameof(options.Schedule)] = Text(options.Schedule),
            [nameof(options.RateScaling)] = Text(options.RateScaling),
            [nameof(options.ClipWeights)] = Text(options.ClipsWeights),
            [nameof(options.EvaluateEverySteps)] = Text(options.EvaluateEverySteps),
            [nameof(options.EvaluationWeights)] = Text(options.EvaluationWeights),
            [nameof(options.EvaluationSamples)] = Text(options.EvaluationSamples),
            [nameof(options.RecomputeStatistics)] = Text(options.RecomputeStatistics),
            [nameof(options.KeepBest)] = Text(options.KeepBest),
            [nameof(options.EarlyStopPatience)] = Text(options.EarlyStopPatience),
            ["Sampler"] = Text(run.Sampler),
            ["Training data"] = Fingerprint.Of(run.Sampler.Dataset),
            ["Evaluation data"] = run.Evaluation is null ? Text(null) : Fingerprint.Of(run.Evaluation),
            ["Model"] = Text(run.Model),
        };
        foreach (Parameter p in run.Model.Parameters)
            settings[$"Parameter {p.Name}"] = Invariant($"[{p.FanOut}, {p.FanIn}], isWeight: {p.IsWeight}, isBinarized: {p.IsBinarized}, bound: {p.Bound}, rateScale: {p.RateScale}");
        foreach (Statistic statistic in run.Model.Statistics)
            settings[$"Statistic {statistic.Name}"] = Invariant($"[{statistic.Values.Length}]");
        return settings;
    }

    /// <summary>Throws unless the settings are those that were saved.</summary>
    /// <exception cref="ArgumentException">Some are not; after the name of the file, the message has a line for each.</exception>
    public static void Check(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> saved, string file)
    {
        var faults = new List<string>();
        foreach ((string name, string text) in settings)
        {
            if (!saved.TryGetValue(name, out string? expected)) faults.Add($"'{name}' is {text}; it must not be there.");
            else if (text != expected) faults.Add($"'{name}' is {text}; it must be {expected}.");
        }

        foreach ((string name, string text) in saved)
        {
            if (!settings.ContainsKey(name)) faults.Add($"'{name}' is not there; it must be {text}.");
        }

        if (faults.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, faults.Prepend($"{file}: it was saved by a run that differs.")));
    }

    private static string Text(object? value) => value is null ? "null" : Invariant($"{value}");
}
