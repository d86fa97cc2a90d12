using BinaryConnect.Models;

namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>The table of a network's layers.</summary>
internal static class LayerTable
{
    /// <summary>Writes a row for each layer, and the totals.</summary>
    public static void Write(TextWriter output, NetworkSummary network)
    {
        var table = new TextTable(
            "layer", "kind", "+shape", "+1-bit\nvalues", "+32-bit\nvalues", "+latent\nbytes", "+packed\nbytes");
        foreach (LayerSummary layer in network.Layers)
        {
            table.Add(
                layer.Name,
                layer.Kind,
                layer.OneBitParameters > 0 ? $"{layer.Inputs} -> {layer.Outputs}" : $"{layer.Outputs}",
                $"{layer.OneBitParameters:N0}",
                $"{layer.RealParameters:N0}",
                $"{layer.LatentBytes:N0}",
                $"{layer.PackedBytes:N0}");
        }

        table.Add(
            "total",
            "",
            "",
            $"{network.OneBitParameters:N0}",
            $"{network.RealParameters:N0}",
            $"{network.LatentBytes:N0}",
            $"{network.PackedBytes:N0}");
        table.Write(output);
        output.WriteLine($"{network.MultiplyAdds:N0} multiply-adds for an image");
    }
}
