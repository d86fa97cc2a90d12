using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using BinaryConnect.Data;
using BinaryConnect.Training;

namespace BinaryConnect.Samples.Mnist.Multilayer;

/// <summary>
/// Keeps the epochs of a run beside its checkpoint, with the figures of the test set, which no checkpoint has. It is
/// written before the checkpoint of the same epoch. So a run that was killed at any moment finds all its epochs here.
/// </summary>
internal sealed class EpochFile(string checkpoint, Dataset test)
{
    private readonly string _testSet = Hash(test);

    /// <summary>The path of the file.</summary>
    public string Path { get; } = checkpoint + ".epochs.json";

    /// <summary>Replaces the file.</summary>
    public void Write(IReadOnlyList<EpochRow> epochs, IReadOnlyList<EvaluationResult> testEvaluations)
    {
        var content = new Content(_testSet, epochs, testEvaluations);
        RunFailedException.Guard(() => WholeFile.Write(
            Path, file => JsonSerializer.Serialize(file, content, EpochFileContext.Default.Content)));
    }

    /// <summary>The content of the file; null if there is no file, or if it is of another test set.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public Content? Read()
    {
        if (!File.Exists(Path)) return null;
        try
        {
            Content? content = JsonSerializer.Deserialize(File.ReadAllBytes(Path), EpochFileContext.Default.Content);
            if (content is null || content.Epochs.Contains(null!) || content.TestEvaluations.Contains(null!))
                throw Damaged(null);
            return content.TestSet == _testSet ? content : null;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            throw Damaged(fault);
        }
    }

    private InvalidDataException Damaged(Exception? fault) => new(
        $"'{Path}' is damaged; it must have the epochs of the checkpoint. "
        + "Without the file the run goes on, and its report lacks the test figures of earlier epochs.",
        fault);

    private static string Hash(Dataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(data.Labels));
        float[] row = new float[data.FeatureCount];
        for (int i = 0; i < data.Count; i++)
        {
            data.CopyRow(i, row);
            hash.AppendData(MemoryMarshal.AsBytes<float>(row));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The content of the file.</summary>
    /// <param name="TestSet">A hash of the test set.</param>
    /// <param name="Epochs">Each epoch, in order.</param>
    /// <param name="TestEvaluations">The evaluations on the test set, in order.</param>
    internal sealed record Content(
        [property: JsonRequired] string TestSet,
        [property: JsonRequired] IReadOnlyList<EpochRow> Epochs,
        [property: JsonRequired] IReadOnlyList<EvaluationResult> TestEvaluations)
    {
        /// <summary>Whether it begins with these epochs of a report, which has no figures of the test set.</summary>
        public bool IsOf(IReadOnlyList<EpochRow> reported) =>
            Epochs.Count >= reported.Count && Epochs.Take(reported.Count).Select(Reported).SequenceEqual(reported);

        private static EpochRow Reported(EpochRow row) => row with { TestLoss = null, TestError = null, Seconds = null };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EpochFile.Content))]
internal sealed partial class EpochFileContext : JsonSerializerContext;
