using System.Runtime.InteropServices;
using System.Text.Json;

namespace BinaryConnect.Tests.Golden;

/// <summary>
/// Reference numbers computed in float64 by NumPy and PyTorch (Golden/vectors/generate.py makes them). The environment
/// variable BINARYCONNECT_GOLDEN may name another folder of the same form.
/// </summary>
internal static class GoldenVectors
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("BINARYCONNECT_GOLDEN") is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, "Golden", "vectors");

    private static readonly JsonElement Manifest = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Folder, "manifest.json"))).RootElement;

    public static double[] Doubles(string name) => Read<double>(name, "<f8");

    public static int[] Integers(string name) => Read<int>(name, "<i4");

    public static int[] Order(string name) => Array.ConvertAll(Read<ushort>(name, "<u2"), row => (int)row);

    /// <summary>The evaluations of a run: step, loss, accuracy.</summary>
    public static (int Step, double Loss, double Accuracy)[] Evaluations(string run) =>
        [.. Manifest.GetProperty(run).GetProperty("evaluations[step,loss,accuracy]").EnumerateArray()
            .Select(row => (row[0].GetInt32(), row[1].GetDouble(), row[2].GetDouble()))];

    /// <summary>The loss of each step of the multilayer network under an optimizer.</summary>
    public static double[] MultilayerLosses(string optimizer) =>
        [.. Manifest.GetProperty("mlp").GetProperty(optimizer).GetProperty("losses").EnumerateArray()
            .Select(loss => loss.GetDouble())];

    /// <summary>Loss and accuracy of the full-precision run after its weights are binarized.</summary>
    public static (double Loss, double Accuracy) BinarizedAfterTraining()
    {
        JsonElement pair = Manifest.GetProperty("full").GetProperty("binarized_after_training[loss,accuracy]");
        return (pair[0].GetDouble(), pair[1].GetDouble());
    }

    /// <summary>
    /// [rows, columns] as [columns, rows]: the reference stores weights as [features, classes], the library transposed.
    /// </summary>
    public static float[] Transposed(double[] values, int rows)
    {
        int columns = values.Length / rows;
        float[] result = new float[values.Length];
        for (int i = 0; i < values.Length; i++) result[i % columns * rows + i / columns] = (float)values[i];
        return result;
    }

    private static T[] Read<T>(string name, string type)
        where T : unmanaged
    {
        JsonElement entry = Manifest.GetProperty("files").GetProperty(name);
        Assert.That(entry.GetProperty("dtype").GetString(), Is.EqualTo(type), name);
        T[] values = MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(Folder, name))).ToArray();
        int expected = entry.GetProperty("shape").EnumerateArray().Aggregate(1, (product, size) => product * size.GetInt32());
        Assert.That(values, Has.Length.EqualTo(expected), name);
        return values;
    }
}
