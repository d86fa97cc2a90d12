using System.Text.Json;
using BinaryConnect.Inference;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using nietras.SeparatedValues;

namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>Reads trained runs from the files that --from names.</summary>
internal static class SavedRuns
{
    private const string Epochs = ".epochs.json";

    /// <summary>The first layers of checkpoints or saved models, for images of so many pixels.</summary>
    /// <exception cref="InvalidDataException">A file is no such file, damaged, or of other images.</exception>
    /// <exception cref="IOException">A file does not exist or cannot be read.</exception>
    public static IReadOnlyList<FirstLayer> FirstLayers(IReadOnlyList<string> files, int pixels)
    {
        (string File, Sequential Network, string? Binarizer)[] runs = [.. files.Select(file =>
            (file, ModelFile.Load(file), BinarizerOf(ModelFile.Inspect(file))))];
        string[] names = [.. runs.Select(run => NameOf(run.File, run.Network, run.Binarizer))];
        foreach ((string file, Sequential network, _) in runs)
        {
            if (network.FeatureCount != pixels)
            {
                throw new InvalidDataException(
                    $"'{file}' has {network.FeatureCount:N0} inputs; it must have one for each pixel, {pixels:N0}.");
            }
        }

        // Two runs of a regularizer have the names of their files.
        names = Unique([.. runs.Select((run, i) =>
            names.Count(name => name == names[i]) == 1 ? names[i] : Path.GetFileNameWithoutExtension(run.File))]);
        return [.. runs.Select((run, i) =>
            FirstLayer.Of(names[i], run.Binarizer is "deterministic" or "stochastic", run.Network))];
    }

    /// <summary>The epochs of runs: logs of 'mlp --csv', or checkpoints with their epochs beside them.</summary>
    /// <exception cref="InvalidDataException">A file is no such file.</exception>
    /// <exception cref="IOException">A file does not exist or cannot be read.</exception>
    public static IReadOnlyList<LearningCurve> Curves(IReadOnlyList<string> files)
    {
        string[] names = Unique([.. files.Select(file => Path.GetFileNameWithoutExtension(file)!)]);
        return [.. files.Select((file, i) => new LearningCurve(names[i], EpochsOf(file)))];
    }

    private static EpochPoint[] EpochsOf(string file)
    {
        if (File.Exists(file + Epochs)) return FromJson(file + Epochs);
        if (Path.GetExtension(file) == ".csv") return FromCsv(file);
        throw new InvalidDataException(
            $"'{file}' is neither a log of epochs (.csv) nor a checkpoint with '{Path.GetFileName(file)}{Epochs}' beside it.");
    }

    // Files of different folders may have the same name: the second is "name 2".
    private static string[] Unique(string[] names) => [.. names.Select((name, i) =>
    {
        int earlier = names.Take(i).Count(other => other == name);
        return earlier == 0 ? name : $"{name} {earlier + 1}";
    })];

    private static string? BinarizerOf(IReadOnlyDictionary<string, string> texts) =>
        texts.GetValueOrDefault("binarizer") ?? texts.GetValueOrDefault("note.binarizer");

    private static string NameOf(string file, Sequential network, string? binarizer)
    {
        bool drops = network.Layers.OfType<Dropout>().Any(dropout => dropout.Rate > 0);
        return Regularizer.Find(binarizer, drops)?.Name ?? Path.GetFileNameWithoutExtension(file);
    }

    private static EpochPoint[] FromCsv(string file)
    {
        try
        {
            using SepReader rows = Sep.New(',').Reader().FromFile(file);
            var epochs = new List<EpochPoint>();
            foreach (SepReader.Row row in rows)
            {
                epochs.Add(new EpochPoint(
                    row["epoch"].Parse<int>(),
                    row["training_loss"].Parse<double>(),
                    row["validation_error"].Parse<double>(),
                    row["test_error"].Span.IsEmpty ? null : row["test_error"].Parse<double>()));
            }

            return epochs.Count > 0 ? [.. epochs] : throw new InvalidDataException($"'{file}' has no epochs.");
        }
        catch (Exception fault) when (fault is FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidDataException(
                $"'{file}' is no log of epochs; it must have the columns epoch, training_loss, validation_error and test_error.",
                fault);
        }
    }

    private static EpochPoint[] FromJson(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return [.. json.RootElement.GetProperty("epochs").EnumerateArray().Select(row => new EpochPoint(
                row.GetProperty("epoch").GetInt32(),
                row.GetProperty("trainingLoss").GetDouble(),
                row.GetProperty("validationError").GetDouble(),
                row.GetProperty("testError") is { ValueKind: JsonValueKind.Number } error ? error.GetDouble() : null))];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{file}' is damaged; it must have the epochs of a checkpoint.", fault);
        }
    }
}
