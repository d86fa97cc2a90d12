using System.Globalization;
using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Settings;

namespace BinaryConnect.Inference;

/// <summary>
/// Makes networks from the settings of a file. Memory is taken for as many values as the file has, and no more.
/// </summary>
internal static class NetworkReader
{
    private const int MostLayers = 10_000, MostSize = 1 << 26;

    // Ten characters for each size, and two brackets. The parts of a longer text would take several times its memory.
    private const int LongestSizes = 10 * MostLayers + 2;

    /// <summary>The network of settings of any kind, without values.</summary>
    /// <exception cref="InvalidDataException">The settings are wrong, or of a kind that is not known.</exception>
    public static Sequential Read(SafetensorsReader file, SettingsReader settings, ModelKinds kinds)
    {
        long values = file.Tensors.Sum(tensor => (tensor.End - tensor.Begin) / sizeof(float));
        try
        {
            return settings.Kind switch
            {
                "sequential" => NetworkOf(file, settings, kinds, values),
                "logistic" => LogisticOf(file, settings, values),
                "multilayer_perceptron" => PerceptronOf(file, settings, values),
                _ => throw file.Fault($"its model is of kind '{Excerpt.Of(settings.Kind)}'; it must be a network of layers."),
            };
        }
        catch (ArgumentException fault)
        {
            throw file.Fault(fault.Message);
        }
    }

    private static Sequential NetworkOf(SafetensorsReader file, SettingsReader settings, ModelKinds kinds, long values)
    {
        var layers = new Layer[settings.ReadWhole("layers", 1, MostLayers)];
        for (int i = 0; i < layers.Length; i++) layers[i] = LayerOf(settings, i, kinds, file);
        return new Sequential(ShapeIn(settings, file), settings.ReadWhole("seed"), layers, values);
    }

    private static LogisticModel LogisticOf(SafetensorsReader file, SettingsReader settings, long values)
    {
        int features = settings.ReadWhole("features", 1, MostSize), classes = settings.ReadWhole("classes", 2, MostSize);
        CheckValues(file, (long)features * classes, values);
        return new LogisticModel(new LogisticModelOptions
        {
            Features = features,
            Classes = classes,
            BinarizeBias = settings.ReadTruth("binarize_bias"),
            OutputScale = settings.ReadTruth("output_scale") ? 1 : null,
        });
    }

    private static MultilayerPerceptron PerceptronOf(SafetensorsReader file, SettingsReader settings, long values)
    {
        int features = settings.ReadWhole("features", 1, MostSize), classes = settings.ReadWhole("classes", 2, MostSize);
        int[] hidden = SizesIn(file, settings.ReadText("hidden_units"));
        if (hidden.Length >= file.Tensors.Count)
            throw file.Fault(
                $"its model has {hidden.Length + 1:N0} layers; the file has {file.Tensors.Count:N0} tensors in all.");
        long weights = 0;
        int before = features;
        foreach (int units in (ReadOnlySpan<int>)[.. hidden, classes])
        {
            weights += (long)before * units;
            CheckValues(file, weights, values);
            before = units;
        }

        return new MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            Features = features,
            HiddenUnits = hidden,
            Classes = classes,
            Activation = Choice(settings, file, "activation", [
                ("relu", Activation.Relu), ("identity", Activation.Identity), ("sign", Activation.Sign)]),
            Normalization = Choice(settings, file, "normalization", [
                ("batch", Normalization.Batch), ("none", Normalization.None)]),
            NormalizationEpsilon = settings.ReadNumber("normalization_epsilon"),
            NormalizationMomentum = settings.ReadNumber("normalization_momentum"),
            InputDropout = settings.ReadNumber("input_dropout"),
            HiddenDropout = settings.ReadNumber("hidden_dropout"),
            Bound = file.Number("parameter.layer1.weights.bound"), // all layers share it
            Seed = settings.ReadWhole("seed"),
        });
    }

    private static void CheckValues(SafetensorsReader file, long weights, long values)
    {
        if (weights > values)
            throw file.Fault($"its model has {weights:N0} weights or more; the file has {values:N0} values in all.");
    }

    private static T Choice<T>(SettingsReader settings, SafetensorsReader file, string key, (string Text, T Value)[] choices)
    {
        string text = settings.ReadText(key);
        foreach ((string known, T value) in choices)
        {
            if (text == known) return value;
        }

        string others = string.Join(", ", choices.SkipLast(1).Select(choice => $"'{choice.Text}'"));
        throw file.Fault($"'model.{key}' is '{Excerpt.Of(text)}'; it must be {others} or '{choices[^1].Text}'.");
    }

    private static int[] SizesIn(SafetensorsReader file, string text)
    {
        if (text == "[]") return [];
        string[] parts = text.Length <= LongestSizes ? text.TrimStart('[').TrimEnd(']').Split(", ") : [];
        int[] sizes = [.. parts.Select(SizeOf)];
        return sizes.Length is >= 1 and <= MostLayers && sizes.All(size => size >= 1)
            ? sizes
            : throw file.Fault($"'model.hidden_units' is '{Excerpt.Of(text)}'; it must be sizes such as '[1024, 1024]'.");
    }

    private static Layer LayerOf(SettingsReader settings, int index, ModelKinds kinds, SafetensorsReader file)
    {
        SettingsReader layer = settings.ReadObject($"layer{index}");
        Layer made = kinds.Layer(layer)
            ?? throw file.Fault($"layer {index} is of kind '{Excerpt.Of(layer.Kind)}'; its kind must be added to 'ModelKinds'.");
        string key = $"layer{index}_name";
        if (settings.Has(key)) made.Rename(settings.ReadText(key));
        return made;
    }

    private static FeatureShape ShapeIn(SettingsReader settings, SafetensorsReader file)
    {
        string text = settings.ReadText("input");
        int[] sizes = text.Length <= FeatureShape.LongestText ? [.. text.Split('x').Select(SizeOf)] : [];
        bool isShape = sizes.Length is 1 or 3 && sizes.All(size => size >= 1);
        if (!isShape)
            throw file.Fault($"'model.input' is '{Excerpt.Of(text)}'; it must be one size, or height x width x channels.");
        return sizes.Length == 1 ? new FeatureShape(sizes[0]) : new FeatureShape(sizes[0], sizes[1], sizes[2]);
    }

    // 0 for what is no size.
    private static int SizeOf(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size <= MostSize ? size : 0;
}
