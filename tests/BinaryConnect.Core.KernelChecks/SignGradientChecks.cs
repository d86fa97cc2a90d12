using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SignGradientChecks
{
    private static readonly GuardedMemory<float> Gradient = new(256), Inputs = new(256), Destination = new(256);

    public static void Run(Report report)
    {
        foreach (Side side in Enum.GetValues<Side>()) report.Count($"SignGradient.Gate, {side}", Gate(side));
    }

    private static string? Gate(Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            float[] gradient = KernelInputs.Uniform(length, seed: length);
            float[] inputs = KernelInputs.Whole(length, seed: 1_000 + length, bound: 2);
            float[] expected = new float[length];
            SignGradient.GateScalar(gradient, inputs, 1, expected);
            Span<float> destination = Destination.Take(length, side), inPlace = Gradient.Take(gradient, side);
            destination.Fill(float.NaN);
            SignGradient.Gate(inPlace, Inputs.Take(inputs, side), 1, destination);
            SignGradient.Gate(inPlace, Inputs.Take(inputs, side), 1, inPlace);
            fault ??= Compare.Same(destination, expected, $"length {length}")
                ?? Compare.Same(inPlace, expected, $"length {length}, in place");
        }

        return fault;
    }
}
