using BinaryConnect.Data;
using BinaryConnect.Files;
using BinaryConnect.Guards;
using BinaryConnect.Models;
using BinaryConnect.Models.Operations;

namespace BinaryConnect.Inference.Import;

/// <summary>Makes dense layers in a file of others into a packed model.</summary>
internal static class SignImporter
{
    /// <summary>Reads the layers of a file, safetensors or npz, as its first bytes say.</summary>
    public static PackedModel Import(string path, IReadOnlyList<ImportedLayer> layers, ModelFacts facts)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(layers);
        using ITensorFile file = Open(path);
        try
        {
            return Import(file, layers, facts);
        }
        catch (EndOfStreamException)
        {
            throw file.Fault("it ends too early; another program may have changed it meanwhile.");
        }
    }

    private static ITensorFile Open(string path)
    {
        Span<byte> start = stackalloc byte[sizeof(uint)];
        using (FileStream stream = SafetensorsReader.OpenFile(path))
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.SequenceEqual("PK\u0003\u0004"u8) || start.SequenceEqual("PK\u0005\u0006"u8)
            ? new NpzTensors(SafetensorsReader.OpenFile(path), path)
            : new SafetensorsTensors(SafetensorsReader.Open(path));
    }

    private static PackedModel Import(ITensorFile file, IReadOnlyList<ImportedLayer> layers, ModelFacts facts)
    {
        var weights = new WeightMatrix[layers.Count];
        for (int i = 0; i < layers.Count; i++) weights[i] = new WeightMatrix(file, layers[i], i == 0 ? null : weights[i - 1]);
        ModelFactsFile.Check(facts, weights[0].Inputs, weights[^1].Outputs);
        var folder = new LayerFolder(weights[0].Inputs);
        try
        {
            folder.Add(facts.Standardization);
            for (int i = 0; i < layers.Count; i++) Add(folder, file, layers[i], weights[i]);
            return new PackedModel(
                new FeatureShape(weights[0].Inputs), facts.InputScale, facts.InputShift, folder.Finish(), facts.ClassNames);
        }
        catch (ArgumentException fault)
        {
            throw file.Fault(fault.Message);
        }
    }

    private static void Add(LayerFolder folder, ITensorFile file, ImportedLayer layer, WeightMatrix weights)
    {
        void AddOp(InferenceOp op) => folder.Add(op, $"Layer '{Excerpt.Of(layer.Weights)}'");
        double[] Values(string? name, double missing, bool orOne = false) => name is null
            ? [.. Enumerable.Repeat(missing, weights.Outputs)]
            : Vector(file, name, weights.Outputs, layer.Weights, orOne);

        AddOp(weights.Read());
        if (layer.Bias is not null) AddOp(new ChannelAffine(Values(null, 1), Values(layer.Bias, 0)));
        if (layer.Normalization is { } norm)
        {
            double[] mean = Values(norm.Mean, 0), variance = Values(norm.Variance, 1);
            AddOp(Normalization(file, norm, mean, variance, Values(norm.Gamma, 1), Values(norm.Beta, 0)));
        }

        if (layer.Scale is not null || layer.Shift is not null)
            AddOp(new ChannelAffine(Values(layer.Scale, 1, orOne: true), Values(layer.Shift, 0, orOne: true)));
        if (layer.Activation == Activation.Relu) AddOp(new RangeClamp(0, float.PositiveInfinity));
        else if (layer.Activation == Activation.Sign) AddOp(new SignStep());
    }

    private static ChannelAffine Normalization(
        ITensorFile file, ImportedNormalization norm, double[] mean, double[] variance, double[] gamma, double[] beta)
    {
        double[] scale = new double[mean.Length], offset = new double[mean.Length];
        for (int j = 0; j < mean.Length; j++)
        {
            if (variance[j] < 0 || variance[j] + norm.Epsilon == 0)
                throw file.Fault(
                    $"tensor '{Excerpt.Of(norm.Variance)}' has {variance[j]} at [{j}]; a variance must be at least 0, "
                    + "and above 0 where epsilon is 0.");
            scale[j] = gamma[j] / Math.Sqrt(variance[j] + norm.Epsilon);
            offset[j] = beta[j] - mean[j] * scale[j];
        }

        return new ChannelAffine(scale, offset);
    }

    // One value for each output. Sizes of 1 around them, as in [m, 1], change nothing.
    private static double[] Vector(ITensorFile file, string name, int outputs, string weights, bool orOne)
    {
        ImportedTensor tensor = file.Tensor(name);
        bool isOne = orOne && tensor.Shape.All(size => size == 1);
        if (!isOne && (!tensor.Shape.Contains(outputs) || tensor.Shape.Count(size => size != 1) > (outputs == 1 ? 0 : 1)))
            throw file.Fault(
                $"tensor '{Excerpt.Of(name)}' has shape {Shape.Text(tensor.Shape)}; it must be [{outputs}]"
                + $"{(orOne ? " or [1]" : "")}, as '{Excerpt.Of(weights)}' has {outputs:N0} outputs.");
        var stored = new TensorValues(file.Open(tensor), tensor.Type);
        float[] values = new float[isOne ? 1 : outputs];
        stored.Read(values);
        int fault = Array.FindIndex(values, value => !float.IsFinite(value));
        if (fault >= 0)
            throw file.Fault($"tensor '{Excerpt.Of(name)}' has {values[fault]} at [{fault}]; all must be finite.");
        return [.. Enumerable.Range(0, outputs).Select(j => (double)values[isOne ? 0 : j])];
    }

    private static void Check(IReadOnlyList<ImportedLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) throw new ArgumentException("'layers' has no layer; it must have at least 1.", nameof(layers));
        for (int i = 0; i < layers.Count; i++)
        {
            if (string.IsNullOrEmpty(layers[i]?.Weights))
                throw new ArgumentException($"'layers' has no name of weights at {i:N0}; it must have one.", nameof(layers));
            if (!Enum.IsDefined(layers[i].Kind) || !Enum.IsDefined(layers[i].Activation))
                throw new ArgumentException(
                    $"Layer '{Excerpt.Of(layers[i].Weights)}' has kind {layers[i].Kind} and activation {layers[i].Activation}; "
                    + "both must be values of their enumerations.", nameof(layers));
            if (layers[i].Normalization is not { } norm) continue;
            if (string.IsNullOrEmpty(norm.Mean) || string.IsNullOrEmpty(norm.Variance))
                throw new ArgumentException(
                    $"The normalization of '{Excerpt.Of(layers[i].Weights)}' lacks a name; it must have one for its mean "
                    + "and one for its variance.", nameof(layers));
            if (!(norm.Epsilon >= 0 && float.IsFinite(norm.Epsilon)))
                throw new ArgumentException(
                    $"The normalization of '{Excerpt.Of(layers[i].Weights)}' has an epsilon of {norm.Epsilon}; it must be "
                    + "finite and at least 0.", nameof(layers));
        }
    }
}
