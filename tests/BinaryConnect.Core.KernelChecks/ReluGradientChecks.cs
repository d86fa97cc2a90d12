using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class ReluGradientChecks
{
    private static readonly GuardedMemory<float> Gradient = new(256), Outputs = new(256), Destination = new(256);

    public static void Run(Report report) => report.Kernel("ReluGradient.Gate", Gate);

    private static string? Gate(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            float[] gradient = KernelInputs.Uniform(length, seed: length);
            float[] outputs = KernelInputs.Whole(length, seed: 1_000 + length, bound: 1);
            float[] expected = new float[length];
            ReluGradient.GateScalar(gradient, outputs, expected);
            Span<float> destination = Destination.Take(length, side), inPlace = Gradient.Take(gradient, side);
            destination.Fill(float.NaN);
            ReluGradientForms.Gate(form, inPlace, Outputs.Take(outputs, side), destination);
            ReluGradientForms.Gate(form, inPlace, Outputs.Take(outputs, side), inPlace);
            fault ??= Compare.Same(destination, expected, $"length {length}")
                ?? Compare.Same(inPlace, expected, $"length {length}, in place");
        }

        return fault;
    }
}
