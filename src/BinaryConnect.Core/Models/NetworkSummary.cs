using System.Globalization;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.Models;

/// <summary>What a network holds and costs, layer by layer and in total. <see cref="ToString"/> gives a table.</summary>
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
        var lines = new List<string> { Line("layer", "kind", "shape", ["1-bit", "32-bit", "multiply-adds", "latent bytes", "packed bytes"]) };
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

    /// <summary>Counts what the layers hold; they are numbered by their dense layers.</summary>
    internal static NetworkSummary Of(IEnumerable<ILayer> layers)
    {
        var summaries = new List<LayerSummary>();
        int dense = 0;
        foreach (ILayer layer in layers)
        {
            if (layer is BinaryDense) dense++;
            summaries.Add(Of(dense == 0 ? "input" : $"layer{dense}", layer));
        }

        return new NetworkSummary(summaries);
    }

    private static LayerSummary Of(string name, ILayer layer)
    {
        Parameter[] oneBit = [.. layer.Parameters.Where(parameter => parameter.IsBinarized)];
        long bits = oneBit.Sum(parameter => (long)parameter.Length), all = layer.Parameters.Sum(parameter => (long)parameter.Length);
        long statistics = layer.Statistics.Sum(statistic => (long)statistic.Values.Length);
        long bytesOfBits = oneBit.Sum(parameter => (parameter.FanIn + 7L) / 8 * parameter.FanOut);
        return new LayerSummary(
            name,
            layer.Kind,
            layer.Inputs,
            layer.Outputs,
            bits,
            all - bits,
            layer.MultiplyAdds,
            sizeof(float) * (all + statistics),
            bytesOfBits + sizeof(float) * (all - bits));
    }

    private static string[] Texts(params long[] counts) =>
        Array.ConvertAll(counts, count => count.ToString("N0", CultureInfo.InvariantCulture));

    private static string Line(string name, string kind, string shape, string[] counts) =>
        $"{name,-8} {kind,-20} {shape,15} {counts[0],13} {counts[1],12} {counts[2],15} {counts[3],14} {counts[4],14}";
}
