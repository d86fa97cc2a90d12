using System.Runtime.CompilerServices;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Models;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Threading;

namespace BinaryConnect.Tests.Support;

/// <summary>Runs a layer on arrays, in memory of exactly their size.</summary>
internal sealed class LayerRun
{
    private static readonly ConditionalWeakTable<Layer, LayerRun> Runs = [];

    private readonly LayerWorkspace _workspace;
    private readonly LayerPass.Call _call;
    private readonly int _inputs, _outputs;

    private LayerRun(WorkspaceNeeds needs, int inputs, int outputs, int threads)
    {
        (_inputs, _outputs) = (inputs, outputs);
        _workspace = new LayerWorkspace(new WorkerPool(threads), needs);
        _call = new LayerPass.Call(_workspace);
    }

    public IReadOnlyList<Parameter> Parameters { get; private init; } = [];

    /// <summary>Builds a layer as if it were the second of a network, which computes its input gradient.</summary>
    public static T Built<T>(T layer, int inputs, int threads = 1, int seed = 0)
        where T : Layer
    {
        var needs = new WorkspaceNeeds();
        var builder = new LayerBuilder(seed, needs);
        builder.Begin(hasSignInputs: false);
        builder.AddWeights("weights", [1], 1, 1);
        builder.End("before");
        builder.Begin(hasSignInputs: false);
        FeatureShape output = layer.Build(new FeatureShape(inputs), builder);
        builder.End(layer.Name ?? "layer1");
        Runs.Add(layer, new LayerRun(needs, inputs, output.Length, threads) { Parameters = [.. builder.Parameters] });
        return layer;
    }

    /// <summary>Runs a layer of a network apart from it.</summary>
    public static Layer Adopted(Layer layer, int inputs, int outputs)
    {
        Runs.AddOrUpdate(layer, new LayerRun(new WorkspaceNeeds { Scratch = 1 << 20 }, inputs, outputs, threads: 1));
        return layer;
    }

    public static LayerRun Of(Layer layer) =>
        Runs.TryGetValue(layer, out LayerRun? run) ? run : throw new ArgumentException("It is not built.");

    public static void Binarize(Layer layer, IBinarizer binarizer)
    {
        LayerRun run = Of(layer);
        layer.Binarize(new BinarizePass(new BinarizePass.Call(run._workspace, binarizer) { Parameters = [.. run.Parameters] }));
    }

    public static float[] Forward(Layer layer, float[] inputs, PassMode mode = PassMode.Training)
    {
        float[] outputs = new float[Of(layer).Rows(inputs) * Of(layer)._outputs];
        Forward(layer, inputs, outputs, mode);
        return outputs;
    }

    public static void Forward(Layer layer, float[] inputs, float[] outputs, PassMode mode = PassMode.Training)
    {
        LayerRun run = Of(layer);
        run.Set(inputs, outputs, mode);
        layer.Forward(new LayerPass(run._call));
    }

    public static float[] Infer(Layer layer, float[] inputs) => Forward(layer, inputs, PassMode.Inference);

    /// <summary>
    /// Computes the gradients for the inputs and outputs of the last forward pass, and returns that of the inputs.
    /// </summary>
    public static float[] Backward(Layer layer, float[] inputs, float[] outputs, float[] outputGradient)
    {
        float[] inputGradient = new float[inputs.Length];
        Backward(layer, inputs, outputs, outputGradient, inputGradient);
        return inputGradient;
    }

    public static void Backward(Layer layer, float[] inputs, float[] outputs, float[] outputGradient, float[] inputGradient)
    {
        LayerRun run = Of(layer);
        run.Set(inputs, outputs, PassMode.Training);
        run._call.SetGradients(outputGradient, inputGradient);
        layer.Backward(new LayerPass(run._call));
    }

    /// <summary>The factors of a dropout for its next inputs; the number of its draws does not change.</summary>
    public static float[] NextMask(Dropout dropout, int rows)
    {
        RandomDraws random = dropout.Random!;
        long draws = random.Count;
        float[] mask = new float[rows * dropout.Mask!.ValuesPerRow];
        random.Uniform(mask);
        DropoutMask.Make(mask, dropout.Rate, 1 / (1 - dropout.Rate));
        random.Count = draws;
        return mask;
    }

    private int Rows(float[] inputs) => inputs.Length / _inputs;

    private void Set(float[] inputs, float[] outputs, PassMode mode)
    {
        (_call.Rows, _call.Mode) = (Rows(inputs), mode);
        _workspace.EnsureRows(Rows(inputs));
        _call.SetValues(inputs, _inputs, outputs, _outputs);
    }
}
