using System.Numerics.Tensors;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.Models.Networks;

/// <summary>Makes the layers of a network from its options, and draws the initial weights.</summary>
internal static class NetworkBuilder
{
    /// <summary>The layers, from the inputs on.</summary>
    public static ILayer[] Build(MultilayerPerceptronOptions options, LayerWorkspace workspace)
    {
        var layers = new List<ILayer>();
        int[] sizes = [options.Features, .. options.HiddenUnits, options.Classes];
        AddDropout(layers, sizes[0], options.InputDropout, options.Seed, 0);
        for (int i = 1; i < sizes.Length; i++)
        {
            string name = $"layer{i}";
            bool isLast = i == sizes.Length - 1, isNormalized = options.Normalization == Normalization.Batch;
            var dense = new BinaryDense(name, sizes[i - 1], sizes[i], hasBias: !isNormalized, options.Bound, workspace);
            Initialize(dense.Weights, options, i);
            layers.Add(dense);
            if (isNormalized) layers.Add(new BatchNorm(name, sizes[i], options.NormalizationEpsilon, options.NormalizationMomentum));
            if (isLast) break;
            if (options.Activation == Activation.Relu) layers.Add(new Relu(sizes[i]));
            AddDropout(layers, sizes[i], options.HiddenDropout, options.Seed, i);
        }

        return [.. layers];
    }

    private static void AddDropout(List<ILayer> layers, int units, float rate, int seed, int layer)
    {
        if (rate > 0) layers.Add(new Dropout(units, rate, SeedOf(seed, layer)));
    }

    // Uniform in [−r, r): u in [0, 1) gives 2u − 1 exactly, the product with r is rounded once.
    private static void Initialize(Parameter weights, MultilayerPerceptronOptions options, int layer)
    {
        float glorot = MathF.Sqrt(6f / ((float)weights.FanIn + weights.FanOut));
        float range = options.InitialRange ?? MathF.Min(glorot, options.Bound);
        Philox4x32.Uniform(0, RandomStream.Initialization, SeedOf(options.Seed, layer), weights.Latent);
        TensorPrimitives.Multiply(weights.Latent, 2, weights.Latent);
        TensorPrimitives.Subtract(weights.Latent, 1, weights.Latent);
        TensorPrimitives.Multiply(weights.Latent, range, weights.Latent);
    }

    private static ulong SeedOf(int seed, int layer) => (uint)seed | (ulong)layer << 32;
}
