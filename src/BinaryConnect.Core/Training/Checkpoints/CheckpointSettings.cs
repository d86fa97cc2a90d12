using BinaryConnect.Guards;
using BinaryConnect.Models;
using BinaryConnect.Settings;
using BinaryConnect.Training.Runs;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>
/// The settings that a resumed run must share with the saved one, as texts by key. Settings that change no result are
/// left out: the numbers of steps and threads, and those of checkpoints.
/// </summary>
internal sealed class CheckpointSettings
{
    private const int MostFaults = 20;

    private readonly Dictionary<string, string> _settings;
    private readonly SettingsSamples _samples = new();

    /// <summary>
    /// Collects the settings of a run. A user's schedule may be reset; its state is restored.
    /// </summary>
    /// <exception cref="ArgumentException">A user's object describes itself wrongly.</exception>
    public CheckpointSettings(RunState run)
    {
        TrainerOptions options = run.Options;
        var writer = new SettingsCollector();
        writer.Write("batch_size", options.BatchSize);
        writer.Write("seed", options.Seed);
        writer.WriteObject("binarizer", options.Binarizer);
        writer.WriteObject("loss", options.Loss);
        writer.WriteObject("optimizer", options.Optimizer);
        writer.WriteObject("schedule", options.Schedule);
        writer.Write("rate_scaling", TextOf(options.RateScaling));
        writer.Write("clip_weights", options.ClipsWeights);
        writer.Write("evaluate_every_steps", options.EvaluateEverySteps);
        writer.Write("evaluation_weights", TextOf(options.EvaluationWeights));
        writer.Write("evaluation_samples", options.EvaluationSamples);
        writer.Write("recompute_statistics", options.RecomputeStatistics);
        writer.Write("metric", options.Metric.Name);
        writer.Write("least_gain", options.LeastGain);
        writer.Write("keep_best", options.KeepBest);
        writer.Write("early_stop_patience", options.EarlyStopPatience);
        writer.WriteObject("sampler", run.Sampler);
        writer.WriteObject("training_data", run.Sampler.Dataset);
        writer.WriteObject("evaluation_data", run.Evaluation);
        writer.WriteObject("model", run.Model);
        _settings = new Dictionary<string, string>(writer.Settings, StringComparer.Ordinal);
        var silent = new List<(string Key, string Kind)>(writer.Silent);
        foreach (Parameter parameter in run.Model.Parameters) silent.AddRange(Add(parameter));
        foreach (Statistic statistic in run.Model.Statistics) Add(statistic);
        if (IsSilent(writer, "schedule")) _samples.AddRates("schedule", options.Schedule);
        if (IsSilent(writer, "loss")) _samples.AddLoss("loss", options.Loss, run.Model.ClassCount, options.BatchSize);
        foreach ((string key, string text) in _samples.Texts) _settings[key] = text;
        Uncompared = [.. silent.Where(item => !_samples.Objects.Any(sampled => IsWithin(item.Key, sampled)))];
    }

    /// <summary>The texts by key.</summary>
    public IReadOnlyDictionary<string, string> Texts => _settings;

    /// <summary>Key and kind of the objects whose settings are unknown.</summary>
    public IReadOnlyList<(string Key, string Kind)> Uncompared { get; }

    /// <summary>Throws unless the settings are the saved ones.</summary>
    /// <exception cref="ArgumentException">
    /// Some settings differ; the message has the name of the file, then a line for each of them.
    /// </exception>
    public void Check(IReadOnlyDictionary<string, string> saved, string file)
    {
        string[] differing = [.. _settings.Keys.Union(saved.Keys, StringComparer.Ordinal).Where(key => !IsSame(key, saved))];

        // If an object's kind differs, its settings are not reported too.
        var objects = differing.Select(key => key + ".").ToHashSet(StringComparer.Ordinal);
        string[] faults = [.. differing.Where(key => !Ancestors(key).Any(objects.Contains)).Select(key => Fault(key, saved))];
        if (faults.Length == 0) return;
        IEnumerable<string> lines = faults.Take(MostFaults).Prepend($"{file}: it was saved by a run that differs.");
        if (faults.Length > MostFaults) lines = lines.Append($"There are {faults.Length - MostFaults:N0} more differences.");
        throw new ArgumentException(string.Join(Environment.NewLine, lines));
    }

    private static string TextOf(RateScaling scaling) => scaling switch
    {
        RateScaling.None => "none",
        RateScaling.InverseGlorot => "inverse_glorot",
        RateScaling.InverseGlorotSquared => "inverse_glorot_squared",
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), $"'scaling' is {scaling}; it must have a text."),
    };

    private static string TextOf(EvaluationWeights weights) => weights switch
    {
        EvaluationWeights.Inference => "inference",
        EvaluationWeights.LastStep => "last_step",
        EvaluationWeights.Latent => "latent",
        EvaluationWeights.SampledAverage => "sampled_average",
        _ => throw new ArgumentOutOfRangeException(nameof(weights), $"'weights' is {weights}; it must have a text."),
    };

    private static IEnumerable<string> Ancestors(string key) =>
        Enumerable.Range(1, key.Length).Where(length => key[length - 1] == '.').Select(length => key[..length]);

    private static bool IsSilent(SettingsCollector writer, string key) => writer.Silent.Any(silent => IsWithin(silent.Key, key));

    private static bool IsWithin(string key, string outer) =>
        key == outer || key.StartsWith(outer + ".", StringComparison.Ordinal);

    // Gives key and kind of what its own binarizer does not describe.
    private IEnumerable<(string Key, string Kind)> Add(Parameter parameter)
    {
        string prefix = $"parameter.{parameter.Name}.";
        var writer = new SettingsCollector();
        writer.Write("fan_out", parameter.FanOut);
        writer.Write("fan_in", parameter.FanIn);
        writer.Write("is_weight", parameter.IsWeight);
        writer.Write("is_binarized", parameter.IsBinarized);
        writer.Write("bound", parameter.Bound);
        writer.Write("rate_scale", parameter.RateScale);
        if (parameter.Binarizer is not null) writer.WriteObject("binarizer", parameter.Binarizer);
        foreach ((string key, string text) in writer.Settings) _settings[prefix + key] = text;
        return [.. writer.Silent.Select(silent => (prefix + silent.Key, silent.Kind))];
    }

    private void Add(Statistic statistic)
    {
        var writer = new SettingsCollector();
        writer.Write("length", statistic.Values.Length);
        foreach ((string key, string text) in writer.Settings) _settings[$"statistic.{statistic.Name}.{key}"] = text;
    }

    private bool IsSame(string key, IReadOnlyDictionary<string, string> saved) =>
        _settings.TryGetValue(key, out string? text)
        && saved.TryGetValue(key, out string? expected)
        && (text == expected || _samples.AreSame(key, text, expected));

    private string Fault(string key, IReadOnlyDictionary<string, string> saved)
    {
        string name = $"'{Excerpt.Of(key)}'";
        bool isSaved = saved.TryGetValue(key, out string? expected), isThere = _settings.TryGetValue(key, out string? text);
        if (!isSaved) return $"{name} is {Excerpt.Of(text)}; it must not be there.";
        return isThere
            ? $"{name} is {Excerpt.Of(text)}; it must be {Excerpt.Of(expected)}."
            : $"{name} is not there; it must be {Excerpt.Of(expected)}.";
    }
}
