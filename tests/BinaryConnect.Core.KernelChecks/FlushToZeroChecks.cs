using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class FlushToZeroChecks
{
    private const int Most = 256;
    private const float Momentum = 0.5f;
    private static readonly GuardedMemory<float> Values = new(Most), Gradient = new(Most);

    public static void Run(Report report)
    {
        report.Kernel("FlushToZero.Decay", Decay);
    }

    // Three in ten of the sums are large enough to stay.
    private static string? Decay(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= Most; length++)
        {
            float[] expected = KernelInputs.Whole(length, seed: length);
            float[] gradient = KernelInputs.Whole(length, seed: 1_000 + length);
            for (int i = 0; i < length; i++)
                (expected[i], gradient[i]) = (expected[i] * FlushToZero.Magnitude / 4, gradient[i] * FlushToZero.Magnitude / 8);
            Span<float> velocity = Values.Take(expected, side);
            FlushToZeroForms.Decay(form, velocity, Momentum, Gradient.Take(gradient, side));
            FlushToZero.DecayScalar(expected, Momentum, gradient);
            fault ??= Compare.Same(velocity, expected, $"length {length}");
        }

        return fault;
    }
}
