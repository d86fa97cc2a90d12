using System.Globalization;
using BinaryConnect.Files;
using BinaryConnect.Inference;
using Google.Protobuf;
using Onnx;

namespace BinaryConnect.Onnx;

/// <summary>
/// Writes packed models as ONNX: opset 13, IR version 8. The graph takes <c>input</c> [rows, f] for any number of rows.
/// It gives <c>scores</c> [rows, c], floats before any softmax, and <c>class</c> [rows], int64, the class with the
/// greatest score, the first of equals. The QONNX form gives the scores alone.
/// </summary>
/// <remarks>
/// <para>
/// A layer is a product with ±1, then a factor and an offset for each output, to which batch normalization was folded;
/// then its activation. Sums of ±bytes and of ±1 are exact. Runtimes add floats in an order of their own, so scores may
/// differ from those of the library in their last bits.
/// </para>
/// <para>
/// The metadata of the file are those of a packed model: <c>input_scale</c>, <c>input_shift</c>, <c>input</c> (the
/// shape of a row, such as 28x28x1), and <c>class.0</c> and so on, the names of the classes, where there are some.
/// </para>
/// </remarks>
public static class OnnxExporter
{
    /// <summary>The version of the standard operators.</summary>
    public const int OpsetVersion = 13;

    /// <summary>The version of the format.</summary>
    public const int IrVersion = 8;

    // Besides weights, a file of the greatest size has room for scales, offsets and nodes.
    private const long MostWeightBytes = 1 << 30;

    /// <summary>Writes a model to a file, which is replaced as a whole.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where; its folder must exist.</param>
    /// <param name="options">The form and the input; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null or empty, an option is not one of its enumeration, a layer takes activations of
    /// 8 bits and the form is QONNX, or the weights have more than 1 GiB in this form; the message names the layer.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, and is as it was.</exception>
    public static void SaveOnnx(this PackedModel model, string path, OnnxExportOptions? options = null)
    {
        ModelProto content = Content(model, options ?? new OnnxExportOptions());
        AtomicFile.Write(path, content.WriteTo);
    }

    /// <summary>Writes a model to a stream, and leaves it open.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Writable.</param>
    /// <param name="options">The form and the input; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="model"/> or <paramref name="stream"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An option is not one of its enumeration, a layer takes activations of 8 bits and the form is QONNX, or the
    /// weights have more than 1 GiB in this form; the message names the layer.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void SaveOnnx(this PackedModel model, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Content(model, options ?? new OnnxExportOptions()).WriteTo(stream);
    }

    private static ModelProto Content(PackedModel model, OnnxExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckOptions(options);
        CheckLayers(model, options.Form);
        GraphBuilder graph = ModelGraph.Of(model, options);
        var content = new ModelProto
        {
            IrVersion = IrVersion,
            OpsetImport = { new OperatorSetIdProto { Version = OpsetVersion } },
            ProducerName = "BinaryConnect.Onnx",
            Graph = graph.Graph,
        };
        if (graph.UsesQonnx)
        {
            content.OpsetImport.Add(GraphBuilder.QonnxOpset());
            content.Functions.Add(GraphBuilder.BipolarQuantFunction());
        }

        AddMetadata(content, "input", model.InputShape.ToString());
        AddMetadata(content, "input_scale", model.InputScale.ToString(CultureInfo.InvariantCulture));
        AddMetadata(content, "input_shift", model.InputShift.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < model.ClassNames?.Count; i++)
            AddMetadata(content, $"class.{i.ToString(CultureInfo.InvariantCulture)}", model.ClassNames[i]);
        return content;
    }

    private static void AddMetadata(ModelProto content, string key, string value) =>
        content.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    private static void CheckOptions(OnnxExportOptions options)
    {
        if (!Enum.IsDefined(options.Form))
            throw new ArgumentException($"'Form' is {options.Form}; it must be Bits, Floats or Qonnx.", nameof(options));
        if (options.Input is { } input && !Enum.IsDefined(input))
            throw new ArgumentException($"'Input' is {input}; it must be Features or Bytes.", nameof(options));
    }

    private static void CheckLayers(PackedModel model, OnnxForm form)
    {
        long bytes = 0;
        for (int i = 0; i < model.Layers.Count; i++)
        {
            PackedLayer layer = model.Layers[i];
            if (form == OnnxForm.Qonnx && layer.InputBytes is not null)
                throw new ArgumentException(
                    $"Packed layer {i} takes activations of 8 bits; for QONNX it must take floats or signs. "
                    + "Export the model that 'PackActivations' took, or another form.");
            long signs = form == OnnxForm.Bits || layer.SignBits.IsEmpty
                ? layer.SignBits.Length
                : (long)layer.Outputs * layer.Inputs * sizeof(float);
            bytes += signs + (long)layer.Weights.Length * sizeof(float);
            if (bytes > MostWeightBytes)
                throw new ArgumentException(
                    $"The weights to packed layer {i} have {bytes:N0} bytes in this form; "
                    + $"they must have at most {MostWeightBytes:N0}.");
        }
    }
}
