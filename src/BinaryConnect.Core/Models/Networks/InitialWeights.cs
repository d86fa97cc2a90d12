using System.Numerics.Tensors;
using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Models.Networks;

/// <summary>Latent weights that training starts from.</summary>
internal static class InitialWeights
{
    /// <summary>Draws weights uniformly from [minimum, maximum); where both are equal, all weights are that.</summary>
    public static void Uniform(Span<float> weights, float minimum, float maximum, int seed)
    {
        Philox4x32.Uniform(0, RandomStream.Initialization, (ulong)seed, weights);
        TensorPrimitives.Multiply(weights, maximum - minimum, weights);
        TensorPrimitives.Add(weights, minimum, weights);

        // Rounding may reach the upper end, which is not in the range.
        TensorPrimitives.Min(weights, Math.Max(minimum, MathF.BitDecrement(maximum)), weights);
    }
}
