using System.Globalization;
using System.Runtime.InteropServices;
using BinaryConnect.Fuzz.Tensors;

namespace BinaryConnect.Fuzz.Models;

/// <summary>Compares a file that was read with the one that is written of its content.</summary>
internal static class SavedFile
{
    private const float LargestOrdinary = 4;
    private const string Checksum = "checksum";

    /// <summary>The first tensor or text that differs, or null.</summary>
    /// <param name="read">The file that was read.</param>
    /// <param name="written">What the library wrote.</param>
    /// <param name="mustBeKept">Whether a text of this name must not be left out.</param>
    public static string? Difference(TensorFile read, TensorFile written, Func<string, bool> mustBeKept)
    {
        if (!read.Names.Order().SequenceEqual(written.Names.Order()))
            return $"the tensors [{string.Join(", ", read.Names)}] were saved as [{string.Join(", ", written.Names)}].";
        foreach (string name in read.Names)
        {
            ReadOnlySpan<byte> before = read.ValuesOf(name), after = written.ValuesOf(name);
            if (!before.SequenceEqual(after)) return $"tensor '{name}' was saved with other values.";
            string shape = read.Header[name]!["shape"]!.ToJsonString();
            if (shape != written.Header[name]!["shape"]!.ToJsonString()) return $"tensor '{name}' of {shape} has another shape.";
        }

        foreach ((string key, var text) in read.Metadata)
        {
            if (key == Checksum) continue;
            string before = (string)text!;
            if (written.Metadata[key] is not { } saved)
            {
                if (mustBeKept(key)) return $"text '{key}', '{before}', was left out.";
            }
            else if (!AreSame(before, (string)saved!))
            {
                return $"text '{key}', '{before}', was saved as '{saved}'.";
            }
        }

        return null;
    }

    /// <summary>Whether texts are those of the original, and no number of a tensor is large.</summary>
    public static bool IsOrdinary(TensorFile file, TensorFile whole)
    {
        foreach ((string key, var text) in whole.Metadata)
        {
            if (key != Checksum && (string?)file.Metadata[key] != (string?)text) return false;
        }

        foreach (string name in file.Names)
        {
            if (file.Find(name).Type != "F32") continue;
            foreach (float value in MemoryMarshal.Cast<byte, float>(file.ValuesOf(name)))
            {
                if (!(MathF.Abs(value) <= LargestOrdinary)) return false;
            }
        }

        return file.Metadata.Count == whole.Metadata.Count;
    }

    // The same text, number or shape.
    private static bool AreSame(string one, string other)
    {
        if (one == other) return true;
        string[] first = one.Split('x'), second = other.Split('x');
        return first.Length == second.Length && first.Zip(second).All(pair => Number(pair.First) == Number(pair.Second));
    }

    private static float? Number(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : null;
}
