using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BinaryConnect.Models;
using BinaryConnect.Training;

namespace BinaryConnect.CheckpointRuns;

/// <summary>
/// A hash of the results of a run: latent and effective values, statistics, and the report without times.
/// </summary>
internal static class ResultHash
{
    public static string Of(IModel model, TrainingReport report)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Parameter parameter in model.Parameters)
        {
            Add<float>(parameter.Latent);
            Add<float>(parameter.Effective);
        }

        foreach (Statistic statistic in model.Statistics) Add<float>(statistic.Values);
        Add<double>([.. report.Steps.Select(step => step.Loss)]);
        Add<double>([.. report.Steps.Select(step => step.WeightChange)]);
        Add<int>([.. report.Steps.Select(step => step.SignFlips)]);
        Add<float>([.. report.Steps.Select(step => step.LearningRate)]);
        Add<int>([.. report.Evaluations.Select(evaluation => evaluation.Step)]);
        Add<double>([.. report.Evaluations.Select(evaluation => evaluation.Loss)]);
        Add<double>([.. report.Evaluations.Select(evaluation => evaluation.Accuracy)]);
        Add<int>([.. report.RateChanges.Select(change => change.Step)]);
        Add<float>([.. report.RateChanges.Select(change => change.To)]);
        return $"{report.StopReason} after {report.Steps.Count} steps: {Convert.ToHexString(hash.GetHashAndReset())}";

        void Add<T>(ReadOnlySpan<T> values)
            where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));
    }
}
