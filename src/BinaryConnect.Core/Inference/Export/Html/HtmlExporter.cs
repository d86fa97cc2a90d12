using System.Text;
using BinaryConnect.Files;

namespace BinaryConnect.Inference.Export.Html;

/// <summary>
/// Makes a page of a packed model of 28 × 28 pixels: one HTML file that asks no network for anything. A visitor draws a
/// digit, and the page predicts its class in JavaScript from the packed bits.
/// </summary>
/// <remarks>
/// The function <c>predict</c> of the page takes a <c>Uint8Array</c> of 784 and gives <c>{ class, scores }</c>. Sums of
/// ±bytes and of ±1 are exact integers, and signs between layers are integer thresholds, as in
/// <see cref="PackedModel"/>. Other sums have double precision, so that scores may differ in their last bits.
/// </remarks>
public static class HtmlExporter
{
    private const int Pixels = 28 * 28;

    /// <summary>Makes the page of a model.</summary>
    /// <param name="model">A model of 784 features, the bytes of a grey image of 28 × 28, row-major.</param>
    /// <returns>The text of the file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The model does not have 784 features, or a layer takes activations of 8 bits; the message names the layer.
    /// </exception>
    public static string Create(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(model);
        return Resource("page.html")
            .Replace("/*style*/", Resource("page.css"), StringComparison.Ordinal)
            .Replace("/*script*/", Resource("inference.js") + Resource("page.js"), StringComparison.Ordinal)
            .Replace("/*model*/", HtmlModel.Text(model), StringComparison.Ordinal);
    }

    /// <summary>Writes the page of a model, or replaces it as a whole.</summary>
    /// <param name="model">A model of 784 features, the bytes of a grey image of 28 × 28, row-major.</param>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null or empty, the model does not have 784 features, or a layer takes activations of
    /// 8 bits; the message names the layer.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, and is as it was.</exception>
    public static void Write(PackedModel model, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] page = Encoding.UTF8.GetBytes(Create(model));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    private static void Check(PackedModel model)
    {
        if (model.FeatureCount != Pixels)
            throw new ArgumentException(
                $"'model' has {model.FeatureCount:N0} features; for a page it must have {Pixels}, the pixels of 28 x 28.",
                nameof(model));
        for (int i = 0; i < model.Layers.Count; i++)
        {
            if (model.Layers[i].InputBytes is not null)
                throw new ArgumentException(
                    $"Packed layer {i} takes activations of 8 bits; for a page it must take floats or signs. "
                    + "Export the model that 'PackActivations' took.");
        }
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlExporter).Assembly.GetManifestResourceStream($"html/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
