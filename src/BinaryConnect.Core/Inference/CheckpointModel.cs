using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;
using BinaryConnect.Settings;

namespace BinaryConnect.Inference;

/// <summary>Opens a checkpoint as a model. What else it has, such as the state of the optimizer, is left out.</summary>
internal static class CheckpointModel
{
    private const string Data = "training_data";

    /// <summary>
    /// The network of a checkpoint: at its best evaluation where the run kept it, else as it was last. Its facts are
    /// the scale and shift of training data that are bytes.
    /// </summary>
    public static Sequential Read(SafetensorsReader file, ModelKinds kinds, out ModelFacts facts)
    {
        string version = file.Metadata.GetValueOrDefault("version", "unknown");
        if (version != CheckpointFormat.Version)
            throw file.Fault(
                $"it is a checkpoint of version '{Excerpt.Of(version)}'; it must be of version '{CheckpointFormat.Version}'.");
        facts = FactsIn(file);
        var settings = new SettingsReader(file.Metadata, CheckpointFormat.Model, file.Fault);
        Sequential network = NetworkReader.Read(file, settings, kinds);
        ModelTensor[] tensors = [.. ModelTensor.Trained(network)];
        string prefix = file.Has($"{CheckpointFormat.Best}.{tensors[0].Name}") ? CheckpointFormat.Best : CheckpointFormat.Model;
        foreach (ModelTensor tensor in tensors)
            file.ReadFinite($"{prefix}.{tensor.Name}", tensor.Sizes, tensor.Values(), tensor.Least);
        return network;
    }

    private static ModelFacts FactsIn(SafetensorsReader file)
    {
        if (file.Metadata.GetValueOrDefault(Data) != "bytes") return new ModelFacts();
        float scale = file.Number($"{Data}.scale");
        if (scale == 0) throw file.Fault($"'{Data}.scale' is 0; it must be another number.");
        return new ModelFacts { InputScale = scale, InputShift = file.Number($"{Data}.shift") };
    }
}
