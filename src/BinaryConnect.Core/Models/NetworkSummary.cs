using System.Globalization;
using BinaryConnect.Models.Networks;

namespace BinaryConnect.Models;

/// <summary>
/// The sizes and the cost of a network, layer by layer and in total. <see cref="ToString"/> gives a table.
/// </summary>
public sealed class NetworkSummary
{
    private NetworkSummary(IReadOnlyList<LayerSummary> layers) => Layers = layers;

    /// <summary>The layers, from the inputs on.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Binarized weights of all layers.</summary>
    public long OneBitParameters => Layers.Sum(layer => layer.OneBitParameters);

    /// <summary>All other trained values.</summary>
    public long RealParameters => Layers.Sum(layer => layer.RealParameters);

    /// <summary>Products that enter a sum, for one row at test time.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Bytes of the trained values, means and variances, as in training.</summary>
    public long LatentBytes => Layers.Sum(layer => layer.LatentBytes);

    /// <summary>Bytes with one bit for each weight.</summary>
    public long PackedBytes => Layers.Sum(layer => layer.PackedBytes);

    /// <summary>A table: a line of titles, one for each layer, and the totals. No line break at its end.</summary>
    /// <returns>Text in columns, for a font whose letters are equally wide.</returns>
    public override string ToString()
    {
        var lines = new List<string> { Line(
            "layer", "kind", "shape", ["1-bit", "32-bit", "multiply-adds", "latent bytes", "packed bytes"]) };
        foreach (LayerSummary layer in Layers)
        {
            bool isMatrix = layer.OneBitParameters > 0;
            string shape = isMatrix ? $"{layer.Inputs} -> {layer.Outputs}" : $"{layer.Outputs}";
            lines.Add(Line(
                layer.Name,
                layer.Kind,
                shape,
                Texts(layer.OneBitParameters, layer.RealParameters, layer.MultiplyAdds, layer.LatentBytes, layer.PackedBytes)));
        }

        lines.Add(Line("total", "", "", Texts(OneBitParameters, RealParameters, MultiplyAdds, LatentBytes, PackedBytes)));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Counts the values of the layers.</summary>
    internal static NetworkSummary Of(IEnumerable<LayerSlot> layers) => new([.. layers.Select(Of)]);

    private static LayerSummary Of(LayerSlot slot)
    {
        Parameter[] oneBit =
            [.. slot.Parameters.Where(parameter => parameter is { IsBinarized: true, Binarizer: null or { UsesBound: true } })];
        long bits = oneBit.Sum(parameter => (long)parameter.Length), all = slot.Parameters.Sum(
            parameter => (long)parameter.Length);
        long statistics = slot.Statistics.Sum(statistic => (long)statistic.Values.Length);
        long bytesOfBits = oneBit.Sum(parameter => (parameter.Length / parameter.Shape[0] + 7L) / 8 * parameter.Shape[0]);
        return new LayerSummary(
            slot.Name,
            slot.Layer.Kind.Replace('_', ' '),
            slot.Input.Length,
            slot.Output.Length,
            bits,
            all - bits,
            slot.Layer.MultiplyAdds,
            sizeof(float) * (all + statistics),
            bytesOfBits + sizeof(float) * (all - bits));
    }

    private static string[] Texts(params long[] counts) =>
        Array.ConvertAll(counts, count => count.ToString("N0", CultureInfo.InvariantCulture));

    private static string Line(string name, string kind, string shape, string[] counts) =>
        $"{name,-8} {kind,-20} {shape,15} {counts[0],13} {counts[1],12} {counts[2],15} {counts[3],14} {counts[4],14}";
}
