using BinaryConnect.Binarization;
using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Inference.Import;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;
using BinaryConnect.Settings;

namespace BinaryConnect.Inference;

/// <summary>
/// Saves and loads a network with its latent weights: enough to predict, or to train on with another rate, optimizer or
/// data. A <see cref="PackedModel"/> has one bit a weight, and predicts alone.
/// </summary>
public static class ModelFile
{
    private const string Format = "BinaryConnect model", Version = "1";
    private const string FormatName = "format", VersionName = "version", ModelName = "model";

    /// <summary>
    /// Writes a network and facts about it to a file, as docs/file-formats.md of the project describes it. The file is
    /// replaced as a whole.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">Where; its folder must exist.</param>
    /// <param name="facts">Input scaling, standardization, class names and notes; null for none.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="network"/> or the notes of the facts are null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input's scale or shift is not finite, or the scale is 0.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null or empty, a layer describes itself wrongly, a note is no whole text, or
    /// standardization or class names have not one value for each feature or class.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, and is as it was.</exception>
    public static void Save(this Sequential network, string path, ModelFacts? facts = null)
    {
        SafetensorsWriter content = Content(network, facts ?? new ModelFacts());
        AtomicFile.Write(path, content.WriteTo);
    }

    /// <summary>Writes a network and facts about it to a stream, and leaves it open.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">Writable.</param>
    /// <param name="facts">Input scaling, standardization, class names and notes; null for none.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="network"/>, <paramref name="stream"/> or the notes of the facts are null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input's scale or shift is not finite, or the scale is 0.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A layer describes itself wrongly, a note is no whole text, or standardization or class names have not one value
    /// for each feature or class.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Save(this Sequential network, Stream stream, ModelFacts? facts = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Content(network, facts ?? new ModelFacts()).WriteTo(stream);
    }

    /// <summary>
    /// Opens a file that <see cref="Save(Sequential, string, ModelFacts?)"/> wrote, or a
    /// checkpoint. Of a checkpoint it takes the model at its best evaluation where the run kept it, else the last.
    /// </summary>
    /// <param name="path">Where it is.</param>
    /// <param name="kinds">Makes layers from their kinds; null for those of this library.</param>
    /// <returns>
    /// A network of the same layers, parameters and statistics, whose effective weights are their signs.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no model, or damaged, or has a kind of model or layer that is not known; the message says what is
    /// wrong.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Sequential Load(string path, ModelKinds? kinds = null) => Load(path, out _, kinds);

    /// <summary>Opens a file that <c>Save</c> wrote, or a checkpoint, with the facts about its network.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="facts">
    /// Input scaling, standardization, class names and notes, as they were saved; of a checkpoint, the scaling of
    /// training data that are bytes.
    /// </param>
    /// <param name="kinds">Makes layers from their kinds; null for those of this library.</param>
    /// <inheritdoc cref="Load(string, ModelKinds?)" path="/*[not(self::param)]"/>
    public static Sequential Load(string path, out ModelFacts facts, ModelKinds? kinds = null)
    {
        using SafetensorsReader file = SafetensorsReader.Open(path, requireChecksum: true);
        return Read(file, kinds ?? new ModelKinds(), out facts);
    }

    /// <summary>Reads a network from a stream, from its present position to its end. The stream stays open.</summary>
    /// <param name="stream">Readable and seekable.</param>
    /// <param name="kinds">Makes layers from their kinds; null for those of this library.</param>
    /// <returns>
    /// A network of the same layers, parameters and statistics, whose effective weights are their signs.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="stream"/> is null or cannot seek.</exception>
    /// <exception cref="InvalidDataException">
    /// It holds no model, or is damaged, or has a kind of layer that is not known; the message says what is wrong.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Sequential Load(Stream stream, ModelKinds? kinds = null) => Load(stream, out _, kinds);

    /// <summary>Reads a network from a stream, with the facts about it. The stream stays open.</summary>
    /// <param name="stream">Readable and seekable.</param>
    /// <param name="facts">Input scaling, standardization, class names and notes, as they were saved.</param>
    /// <param name="kinds">Makes layers from their kinds; null for those of this library.</param>
    /// <inheritdoc cref="Load(Stream, ModelKinds?)" path="/*[not(self::param)]"/>
    public static Sequential Load(Stream stream, out ModelFacts facts, ModelKinds? kinds = null)
    {
        using SafetensorsReader file = SafetensorsReader.Open(stream, requireChecksum: true);
        return Read(file, kinds ?? new ModelKinds(), out facts);
    }

    /// <summary>
    /// Reads a network of dense layers that another program wrote, into a packed model: safetensors, such as those of
    /// PyTorch, or npz of NumPy, such as the weights of Keras and Larq. Bias, batch normalization, scale and shift
    /// become one factor and one offset for each unit, computed in double precision.
    /// </summary>
    /// <param name="path">Where it is. Other tensors of the file are left alone.</param>
    /// <param name="layers">The names of the tensors of each layer, from the inputs on, at least 1.</param>
    /// <param name="facts">
    /// The scaling of bytes, the standardization and the class names; notes are left out. Null for bytes / 255.
    /// </param>
    /// <returns>The packed model.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="layers"/> or the notes of the facts are null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input's scale or shift is not finite, or the scale is 0.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null or empty, there is no layer, a layer or a normalization lacks a name or has a
    /// value out of range, or standardization or class names have not one value for each feature or class.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The file is neither, or damaged, or lacks a tensor; a shape does not fit, a weight is not ±H where it must be,
    /// or a value is NaN or infinite. The message names the file, the tensor, and what it must be.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PackedModel ImportSigns(string path, IReadOnlyList<ImportedLayer> layers, ModelFacts? facts = null) =>
        SignImporter.Import(path, layers, facts ?? new ModelFacts());

    /// <summary>
    /// The texts of a file of this library, a model, a packed model or a checkpoint: its format, its settings, and your
    /// notes by "note." and their names.
    /// </summary>
    /// <param name="path">Where it is.</param>
    /// <returns>The texts by name.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">The file is none of this library's, or damaged.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyDictionary<string, string> Inspect(string path)
    {
        using SafetensorsReader file = SafetensorsReader.Open(path, requireChecksum: true);
        return file.Metadata;
    }

    /// <summary>
    /// The facts of a model's file: input scaling, standardization, class names and notes. No layer is made.
    /// </summary>
    /// <param name="path">Where it is.</param>
    /// <returns>The facts, as they were saved.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no model, or damaged; the message says what is wrong.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ModelFacts InspectFacts(string path)
    {
        using SafetensorsReader file = SafetensorsReader.Open(path, requireChecksum: true);
        CheckFormat(file);
        return ModelFactsFile.Read(file);
    }

    private static SafetensorsWriter Content(Sequential network, ModelFacts facts)
    {
        ArgumentNullException.ThrowIfNull(network);
        ModelFactsFile.Check(facts, network.FeatureCount, network.ClassCount);
        var settings = new SettingsCollector();
        settings.WriteObject(ModelName, network.Structure);
        var writer = new SafetensorsWriter();
        writer.AddMetadata(FormatName, Format);
        writer.AddMetadata(VersionName, Version);
        foreach ((string key, string text) in settings.Settings) writer.AddMetadata(key, text);
        ModelFactsFile.AddTo(writer, facts);
        foreach (ModelTensor tensor in ModelTensor.Trained(network))
            writer.Add<float>(tensor.Name, tensor.Sizes, () => tensor.Values());
        return writer;
    }

    private static Sequential Read(SafetensorsReader file, ModelKinds kinds, out ModelFacts facts)
    {
        Sequential network = file.Metadata.GetValueOrDefault(FormatName) == CheckpointFormat.Name
            ? CheckpointModel.Read(file, kinds, out facts)
            : ReadModel(file, kinds, out facts);
        network.Binarize(new DeterministicBinarizer(), forInference: true);
        return network;
    }

    private static Sequential ReadModel(SafetensorsReader file, ModelKinds kinds, out ModelFacts facts)
    {
        CheckFormat(file);
        facts = ModelFactsFile.Read(file);
        Sequential network = NetworkReader.Read(file, new SettingsReader(file.Metadata, ModelName, file.Fault), kinds);
        try
        {
            ModelFactsFile.Check(facts, network.FeatureCount, network.ClassCount);
        }
        catch (ArgumentException fault)
        {
            throw file.Fault(fault.Message);
        }

        Fill(network, file, ModelFactsFile.TensorsIn(facts));
        return network;
    }

    private static void CheckFormat(SafetensorsReader file)
    {
        string format = file.Metadata.GetValueOrDefault(FormatName, "unknown");
        if (format != Format) throw file.Fault($"its format is '{Excerpt.Of(format)}'; it must be '{Format}'.");
        string version = file.Metadata.GetValueOrDefault(VersionName, "unknown");
        if (version != Version) throw file.Fault($"its version is '{Excerpt.Of(version)}'; it must be '{Version}'.");
    }

    private static void Fill(Sequential network, SafetensorsReader file, int others)
    {
        ModelTensor[] tensors = [.. ModelTensor.Trained(network)];
        if (file.Tensors.Count != tensors.Length + others)
            throw file.Fault($"it has {file.Tensors.Count:N0} tensors; this model must have {tensors.Length + others:N0}.");
        foreach (ModelTensor tensor in tensors) file.ReadFinite(tensor.Name, tensor.Sizes, tensor.Values(), tensor.Least);
    }
}
