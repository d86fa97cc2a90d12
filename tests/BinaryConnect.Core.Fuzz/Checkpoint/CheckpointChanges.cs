using System.Buffers.Binary;
using System.Text.Json.Nodes;
using BinaryConnect.Fuzz.Tensors;

namespace BinaryConnect.Fuzz.Checkpoint;

/// <summary>Damage to the values, the header and the metadata of a checkpoint.</summary>
internal static class CheckpointChanges
{
    /// <summary>Changes values or the lengths of lists; the file stays a safetensors file.</summary>
    public static string ApplyToValues(Random random, TensorFile file) =>
        random.Next(12) == 0 ? Rows(random, file) : TensorChanges.ApplyToValues(random, file);

    /// <summary>Changes a file in one way of many.</summary>
    public static string Apply(Random random, TensorFile file) =>
        random.Next(10) == 0 ? ApplyToValues(random, file) : TensorChanges.ApplyToHeader(random, file);

    // A report of more or fewer rows, right in itself.
    private static string Rows(Random random, TensorFile file)
    {
        string part = new[] { "report.steps.", "report.evaluations.", "report.rate_changes." }[random.Next(3)];
        int rows = random.Next(3) == 0 ? random.Next(3000) : random.Next(13);
        foreach (string name in file.Names.Where(name => name.StartsWith(part, StringComparison.Ordinal)))
        {
            (string type, int begin, int end) = file.Find(name);
            int size = TensorChanges.SizeOf(type);
            byte[] values = new byte[rows * size], old = file.Data[begin..end];
            for (int i = 0; i < values.Length; i++) values[i] = old.Length == 0 ? (byte)0 : old[i % old.Length];
            bool countsUp = name.EndsWith(".step", StringComparison.Ordinal);
            for (int i = 0; countsUp && i < rows; i++) BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(i * size), i + 1);
            file.Replace(name, values, new JsonArray(rows));
        }

        return $"{part} has {rows} rows";
    }
}
