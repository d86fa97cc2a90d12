using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using BinaryConnect.Inference.Execution;

namespace BinaryConnect.Inference.Export.Html;

/// <summary>The JSON of a model that a page reads. Arrays are little-endian in base64.</summary>
internal static class HtmlModel
{
    /// <summary>The JSON, in which no character has a meaning in HTML.</summary>
    public static string Text(PackedModel model)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("names");
            for (int i = 0; i < model.ClassCount; i++) json.WriteStringValue(model.ClassNames?[i] ?? $"{i}");
            json.WriteEndArray();
            json.WriteStartArray("layers");
            for (int i = 0; i < model.Layers.Count; i++) WriteLayer(json, model.Layers[i], model.Kernels[i], i == 0);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // Sums of bytes have a scale and an offset of their own, which contain the scaling of inputs.
    private static void WriteLayer(Utf8JsonWriter json, PackedLayer layer, LayerKernel kernel, bool takesBytes)
    {
        bool hasSums = takesBytes || kernel.TakesBits;
        json.WriteStartObject();
        json.WriteNumber("inputs", layer.Inputs);
        json.WriteNumber("units", layer.Outputs);
        if (!layer.SignBits.IsEmpty) json.WriteBase64String("signs", layer.SignBits.Span);
        if (!layer.Weights.IsEmpty) WriteArray(json, "weights", layer.Weights.Span);
        if (kernel.Thresholds is { } thresholds)
        {
            int[] values = new int[layer.Outputs];
            byte[] inverted = new byte[layer.Outputs];
            for (int j = 0; j < values.Length; j++)
            {
                (values[j], bool isInverted) = thresholds.At(j);
                inverted[j] = isInverted ? (byte)1 : (byte)0;
            }

            WriteArray<int>(json, "thresholds", values);
            json.WriteBase64String("inverted", inverted);
        }
        else
        {
            WriteArray(json, "scale", hasSums ? kernel.SumScale : layer.Scale.Span);
            WriteArray(json, "offset", hasSums ? kernel.SumOffset : layer.Offset.Span);
            if (float.IsFinite(layer.Low)) json.WriteNumber("low", layer.Low);
            if (float.IsFinite(layer.High)) json.WriteNumber("high", layer.High);
            if (layer.HasSignOutput) json.WriteBoolean("sign", true);
        }

        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, ReadOnlySpan<T> values)
        where T : unmanaged => json.WriteBase64String(name, MemoryMarshal.AsBytes(values));
}
