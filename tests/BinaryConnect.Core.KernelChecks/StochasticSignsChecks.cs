using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class StochasticSignsChecks
{
    private const ulong Draw = 3, Seed = 0xFEDCBA98_76543210;
    private static readonly float[] Bounds = [1, 0.75f, 1e-40f, float.MaxValue];
    private static readonly GuardedMemory<float> Weights = new(600), Destination = new(600);

    public static void Run(Report report) => report.Kernel("StochasticSigns.Binarize", Binarize);

    private static string? Binarize(Form form, Side side)
    {
        string? fault = null;
        foreach (float bound in Bounds)
        {
            foreach (int length in Enumerable.Range(0, 257).Append(511).Append(600))
            {
                float[] weights = KernelInputs.Uniform(length, seed: length, bound), expected = new float[length];
                for (int i = 0; i < length; i += 31) weights[i] = float.NaN;
                StochasticSigns.BinarizeScalar(weights, bound, Draw, Seed, expected);
                Span<float> destination = Destination.Take(length, side);
                destination.Clear();
                Binarize(form, Weights.Take(weights, side), bound, destination);
                fault ??= Compare.Same(destination, expected, $"length {length}, bound {bound}");
            }
        }

        return fault;
    }

    private static void Binarize(Form form, ReadOnlySpan<float> weights, float bound, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: StochasticSigns.BinarizeScalar(weights, bound, Draw, Seed, destination); break;
            case Form.Lanes128: StochasticSigns.Binarize<Vector128<float>, Lanes128, Words128>(weights, bound, Draw, Seed, destination); break;
            case Form.Lanes256: StochasticSigns.Binarize<Vector256<float>, Lanes256, Words256>(weights, bound, Draw, Seed, destination); break;
            case Form.Lanes512: StochasticSigns.Binarize<Vector512<float>, Lanes512, Words512>(weights, bound, Draw, Seed, destination); break;
            default: StochasticSigns.Binarize(weights, bound, Draw, Seed, destination); break;
        }
    }
}
