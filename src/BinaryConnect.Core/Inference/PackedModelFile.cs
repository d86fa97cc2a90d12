using System.Globalization;
using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Models.Products;

namespace BinaryConnect.Inference;

/// <summary>
/// The file of a packed model: a safetensors file whose metadata has the sizes, and whose tensors have the bits.
/// </summary>
internal static class PackedModelFile
{
    private const string Format = "BinaryConnect packed model", Version = "1";
    private const string FormatName = "format", VersionName = "version", InputName = "input", LayersName = "layers";
    private const string ScaleName = "input_scale", ShiftName = "input_shift", SignOutputName = "sign_output";
    private const int MostLayers = 10_000;

    /// <summary>The content of the file.</summary>
    public static SafetensorsWriter Write(
        FeatureShape input,
        float inputScale,
        float inputShift,
        IReadOnlyList<PackedLayer> layers,
        IReadOnlyList<string>? classNames)
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata(FormatName, Format);
        writer.AddMetadata(VersionName, Version);
        writer.AddMetadata(InputName, input.ToString());
        writer.AddMetadata(ScaleName, Text(inputScale));
        writer.AddMetadata(ShiftName, Text(inputShift));
        writer.AddMetadata(LayersName, layers.Count.ToString(CultureInfo.InvariantCulture));
        ModelFactsFile.AddClassNames(writer, classNames);
        for (int i = 0; i < layers.Count; i++)
        {
            PackedLayer layer = layers[i];
            string name = $"layer{i}";
            if (!float.IsNegativeInfinity(layer.Low)) writer.AddMetadata($"{name}.low", Text(layer.Low));
            if (!float.IsPositiveInfinity(layer.High)) writer.AddMetadata($"{name}.high", Text(layer.High));
            if (layer.InputBytes is { } bytes)
            {
                writer.AddMetadata($"{name}.{ScaleName}", Text(bytes.Scale));
                writer.AddMetadata($"{name}.{ShiftName}", Text(bytes.Shift));
            }

            if (layer.HasSignOutput) writer.AddMetadata($"{name}.{SignOutputName}", "true");
            if (!layer.SignBits.IsEmpty) writer.Add($"{name}.signs", [layer.Outputs, layer.BytesPerRow], layer.SignBits);
            if (!layer.Weights.IsEmpty) writer.Add($"{name}.weights", [layer.Outputs, layer.Inputs], layer.Weights);
            writer.Add($"{name}.scale", [layer.Outputs], layer.Scale);
            writer.Add($"{name}.offset", [layer.Outputs], layer.Offset);
        }

        return writer;
    }

    /// <summary>Reads what a model is made of; whether its layers fit together is not checked.</summary>
    /// <exception cref="InvalidDataException">The file holds no packed model.</exception>
    public static (FeatureShape Input, float Scale, float Shift, PackedLayer[] Layers) Read(SafetensorsReader file)
    {
        string format = TextOf(file, FormatName), version = TextOf(file, VersionName);
        if (format != Format) throw file.Fault($"its format is '{Excerpt.Of(format)}'; it must be '{Format}'.");
        if (version != Version) throw file.Fault($"its version is '{Excerpt.Of(version)}'; it must be '{Version}'.");
        FeatureShape input = ShapeOf(file);
        int count = NumberOf(file, LayersName, TextOf(file, LayersName), MostLayers);
        var layers = new PackedLayer[count];
        int width = input.Length;
        for (int i = 0; i < count; i++)
        {
            layers[i] = ReadLayer(file, $"layer{i}", width);
            width = layers[i].Outputs;
        }

        CheckTensors(file, layers);
        return (input, FloatOf(file, ScaleName), FloatOf(file, ShiftName), layers);
    }

    private static PackedLayer ReadLayer(SafetensorsReader file, string name, int inputs)
    {
        long[] shape = file.Tensor($"{name}.scale").Shape;
        if (shape.Length != 1 || shape[0] is < 1 or > PackedWeights.MostUnits)
            throw file.Fault($"tensor '{name}.scale' has shape {Shape.Text(shape)}; it must be a list of 1 to "
                + $"{PackedWeights.MostUnits:N0} values.");
        int outputs = (int)shape[0];
        bool hasSigns = file.Has($"{name}.signs"), hasWeights = file.Has($"{name}.weights");
        return new PackedLayer(
            inputs,
            outputs,
            hasSigns ? Values<byte>(file, $"{name}.signs", outputs, (inputs + 7) / 8) : default,
            hasWeights ? Values<float>(file, $"{name}.weights", outputs, inputs) : default,
            Values<float>(file, $"{name}.scale", outputs),
            Values<float>(file, $"{name}.offset", outputs),
            file.FindNumber($"{name}.low") ?? float.NegativeInfinity,
            file.FindNumber($"{name}.high") ?? float.PositiveInfinity)
        {
            InputBytes = BytesOf(file, $"{name}.{ScaleName}", $"{name}.{ShiftName}"),
            HasSignOutput = IsTrue(file, $"{name}.{SignOutputName}"),
        };
    }

    private static bool IsTrue(SafetensorsReader file, string name)
    {
        if (!file.Metadata.TryGetValue(name, out string? text)) return false;
        return text == "true" ? true : throw file.Fault($"'{name}' is '{Excerpt.Of(text)}'; it must be 'true', or absent.");
    }

    // The file has as many bytes as its tensors say, so that memory is taken for what is there alone.
    private static T[] Values<T>(SafetensorsReader file, string name, params long[] shape)
        where T : unmanaged
    {
        file.Tensor<T>(name, shape);
        long length = 1;
        foreach (long size in shape) length *= size;
        if (length > Array.MaxLength)
            throw file.Fault($"tensor '{name}' has {length:N0} values; it must have at most {Array.MaxLength:N0}.");
        var values = new T[length];
        file.Read(name, shape, values.AsSpan());
        return values;
    }

    private static void CheckTensors(SafetensorsReader file, PackedLayer[] layers)
    {
        int expected = layers.Sum(layer => 2 + (layer.SignBits.IsEmpty ? 0 : 1) + (layer.Weights.IsEmpty ? 0 : 1));
        if (file.Tensors.Count != expected)
            throw file.Fault($"it has {file.Tensors.Count:N0} tensors; a packed model of these {layers.Length:N0} layers must "
                + $"have {expected:N0}.");
    }

    private static string TextOf(SafetensorsReader file, string name) =>
        file.Metadata.TryGetValue(name, out string? text)
            ? text
            : throw Missing(file, name);

    private static InvalidDataException Missing(SafetensorsReader file, string name) =>
        file.Fault($"its metadata has no '{name}'; that of a packed model has one.");

    private static int NumberOf(SafetensorsReader file, string name, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw file.Fault($"'{name}' is '{Excerpt.Of(text)}'; it must be a whole number from 1 to {most:N0}.");

    private static float FloatOf(SafetensorsReader file, string name) => file.FindNumber(name) ?? throw Missing(file, name);

    // A file has both texts or neither.
    private static ByteScaling? BytesOf(SafetensorsReader file, string scale, string shift) =>
        file.Metadata.ContainsKey(scale) || file.Metadata.ContainsKey(shift)
            ? new ByteScaling(FloatOf(file, scale), FloatOf(file, shift))
            : null;

    private static FeatureShape ShapeOf(SafetensorsReader file)
    {
        string text = TextOf(file, InputName);
        string[] parts = text.Length <= FeatureShape.LongestText ? text.Split('x') : [];
        int[] sizes = [.. parts.Take(3).Select(part => NumberOf(file, InputName, part, PackedWeights.MostUnits))];
        try
        {
            if (parts.Length == 1) return new FeatureShape(sizes[0]);
            if (parts.Length == 3) return new FeatureShape(sizes[0], sizes[1], sizes[2]);
        }
        catch (ArgumentException fault)
        {
            throw file.Fault(fault.Message);
        }

        throw file.Fault($"'{InputName}' is '{Excerpt.Of(text)}'; it must be one size, or height x width x channels.");
    }

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
