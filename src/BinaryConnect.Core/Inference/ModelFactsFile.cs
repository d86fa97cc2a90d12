using System.Globalization;
using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Guards;

namespace BinaryConnect.Inference;

/// <summary>Facts in a file: texts of its metadata, and a tensor for each half of the standardization.</summary>
internal static class ModelFactsFile
{
    private const string ScaleName = "input_scale", ShiftName = "input_shift", ClassPrefix = "class.", NotePrefix = "note.";
    private const string StandardScale = "standardization.scale", StandardShift = "standardization.shift";

    /// <summary>How many tensors the facts of a file have.</summary>
    public static int TensorsIn(ModelFacts facts) => facts.Standardization is null ? 0 : 2;

    /// <summary>Throws unless facts fit a model of so many features and classes.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Check(ModelFacts facts, int features, int classes)
    {
        Guard.Scaling(facts.InputScale, facts.InputShift, nameof(facts.InputScale), nameof(facts.InputShift));
        if (facts.Standardization is Standardization standardization)
            Guard.Length(standardization.FeatureCount, features, nameof(facts.Standardization), "the model's feature count");
        if (facts.ClassNames is not null) Guard.ClassNames(facts.ClassNames, classes, nameof(facts.ClassNames));
        ArgumentNullException.ThrowIfNull(facts.Notes, nameof(facts.Notes));
    }

    /// <summary>Adds facts to a file.</summary>
    /// <exception cref="ArgumentException">
    /// A note is no whole text, or there are more texts than a file holds.
    /// </exception>
    public static void AddTo(SafetensorsWriter writer, ModelFacts facts)
    {
        writer.AddMetadata(ScaleName, facts.InputScale.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata(ShiftName, facts.InputShift.ToString(CultureInfo.InvariantCulture));
        AddClassNames(writer, facts.ClassNames);
        foreach ((string name, string text) in facts.Notes) writer.AddMetadata(NotePrefix + name, text);
        if (facts.Standardization is not Standardization standardization) return;
        writer.Add<float>(StandardScale, [standardization.FeatureCount], standardization.Scale.ToArray());
        writer.Add<float>(StandardShift, [standardization.FeatureCount], standardization.Shift.ToArray());
    }

    /// <summary>Adds the names of classes to a file; none for null.</summary>
    public static void AddClassNames(SafetensorsWriter writer, IReadOnlyList<string>? names)
    {
        for (int i = 0; i < names?.Count; i++) writer.AddMetadata(NameOf(i), names[i]);
    }

    /// <summary>Reads facts; those that the file does not have are as in new facts.</summary>
    /// <exception cref="InvalidDataException">A fact is not of the form that it must have.</exception>
    public static ModelFacts Read(SafetensorsReader file)
    {
        var none = new ModelFacts();
        ModelFacts facts = none with
        {
            InputScale = file.FindNumber(ScaleName) ?? none.InputScale,
            InputShift = file.FindNumber(ShiftName) ?? none.InputShift,
            Standardization = ReadStandardization(file),
            ClassNames = ReadClassNames(file),
            Notes = file.Metadata
                .Where(text => text.Key.StartsWith(NotePrefix, StringComparison.Ordinal))
                .ToDictionary(text => text.Key[NotePrefix.Length..], text => text.Value, StringComparer.Ordinal),
        };
        try
        {
            Check(facts, facts.Standardization?.FeatureCount ?? 0, facts.ClassNames?.Count ?? 0);
        }
        catch (ArgumentException fault)
        {
            throw file.Fault(fault.Message);
        }

        return facts;
    }

    /// <summary>Reads the names of classes; null if there are none.</summary>
    /// <exception cref="InvalidDataException">Some names are missing.</exception>
    public static IReadOnlyList<string>? ReadClassNames(SafetensorsReader file)
    {
        int count = file.Metadata.Keys.Count(key => key.StartsWith(ClassPrefix, StringComparison.Ordinal));
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = file.Metadata.TryGetValue(NameOf(i), out string? name)
                ? name
                : throw file.Fault(
                    $"its metadata has {count:N0} names of classes and no '{NameOf(i)}'; they must count from 0.");
        }

        return count == 0 ? null : names;
    }

    private static string NameOf(int number) => ClassPrefix + number.ToString(CultureInfo.InvariantCulture);

    private static Standardization? ReadStandardization(SafetensorsReader file)
    {
        if (!file.Has(StandardScale) && !file.Has(StandardShift)) return null;
        float[] scale = Values(file, StandardScale), shift = Values(file, StandardShift);
        try
        {
            return new Standardization(scale, shift);
        }
        catch (ArgumentException fault)
        {
            throw file.Fault($"tensors '{StandardScale}' and '{StandardShift}': {fault.Message}");
        }
    }

    // The file has as many bytes as its tensors say, so that memory is taken for what is there alone.
    private static float[] Values(SafetensorsReader file, string name)
    {
        long[] shape = file.Tensor(name).Shape;
        if (shape.Length != 1 || shape[0] > Array.MaxLength)
            throw file.Fault($"tensor '{name}' has shape {Shape.Text(shape)}; it must be a list of numbers.");
        file.Tensor<float>(name, shape);
        float[] values = new float[shape[0]];
        file.Read<float>(name, shape, values);
        return values;
    }
}
