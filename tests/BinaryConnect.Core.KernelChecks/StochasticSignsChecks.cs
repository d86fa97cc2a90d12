using BinaryConnect.Kernels.Random;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class StochasticSignsChecks
{
    private const ulong Draw = 3, Seed = 0xFEDCBA98_76543210;
    private static readonly float[] Bounds = [1, 0.75f, 1e-40f, float.MaxValue];
    private static readonly int[] Firsts = [0, StochasticSigns.GroupLength, 1 << 20];
    private static readonly GuardedMemory<float> Weights = new(600), Destination = new(600);

    public static void Run(Report report) => report.Kernel("StochasticSigns.Binarize", Binarize);

    private static string? Binarize(Form form, Side side)
    {
        string? fault = null;
        foreach (float bound in Bounds)
        {
            foreach (int length in Enumerable.Range(0, 257).Append(511).Append(600))
            {
                int first = Firsts[length % Firsts.Length];
                float[] weights = KernelInputs.Uniform(length, seed: length, bound), expected = new float[length];
                for (int i = 0; i < length; i += 31) weights[i] = float.NaN;
                StochasticSigns.BinarizeScalar(weights, bound, first, Draw, Seed, expected);
                Span<float> destination = Destination.Take(length, side);
                destination.Clear();
                StochasticSignsForms.Binarize(form, Weights.Take(weights, side), bound, first, Draw, Seed, destination);
                fault ??= Compare.Same(destination, expected, $"length {length}, bound {bound}, first {first}");
            }
        }

        return fault;
    }
}
