using BinaryConnect.Models.Layers;

namespace BinaryConnect.Tests.Support;

/// <summary>What a layer makes of arrays, in memory of just their size.</summary>
internal static class LayerRun
{
    public static float[] Forward(ILayer layer, float[] inputs)
    {
        float[] outputs = new float[Rows(layer, inputs) * layer.Outputs];
        layer.Forward(inputs, outputs, Rows(layer, inputs));
        return outputs;
    }

    public static float[] Infer(ILayer layer, float[] inputs)
    {
        float[] outputs = new float[Rows(layer, inputs) * layer.Outputs];
        layer.Infer(inputs, outputs, Rows(layer, inputs));
        return outputs;
    }

    /// <summary>Computes the gradients for the inputs and outputs of the last forward pass, and gives that of the inputs.</summary>
    public static float[] Backward(ILayer layer, float[] inputs, float[] outputs, float[] outputGradient)
    {
        float[] inputGradient = new float[inputs.Length];
        layer.Backward(inputs, outputs, outputGradient, inputGradient, Rows(layer, inputs));
        return inputGradient;
    }

    /// <summary>What a dropout will multiply its next inputs by; its draws are left as they were.</summary>
    public static float[] NextMask(Dropout dropout, int rows)
    {
        float[] ones = new float[rows * ((ILayer)dropout).Inputs];
        Array.Fill(ones, 1);
        long draws = dropout.Draws;
        float[] mask = Forward(dropout, ones);
        dropout.Draws = draws;
        return mask;
    }

    private static int Rows(ILayer layer, float[] inputs) => inputs.Length / layer.Inputs;
}
