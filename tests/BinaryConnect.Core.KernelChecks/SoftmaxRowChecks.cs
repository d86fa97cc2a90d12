using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SoftmaxRowChecks
{
    private const int Most = 256;

    // Only the order of the sum differs between forms.
    private const float Tolerance = 1e-6f;

    private static readonly GuardedMemory<float> Logits = new(Most), Results = new(Most);

    public static void Run(Report report) => report.Kernel("SoftmaxRow.Exponentials", EveryLength);

    private static string? EveryLength(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= Most; length++)
        {
            float[] logits = KernelInputs.Uniform(length, seed: length, bound: 50), expected = new float[length];
            Span<float> results = Results.Take(length, side);
            float sum = SoftmaxRowForms.Exponentials(form, Logits.Take(logits, side), 50, results);
            float expectedSum = SoftmaxRow.ExponentialsScalar(logits, 50, expected);
            fault ??= Compare.Same(results, expected, $"length {length}")
                ?? Compare.Near([sum], [expectedSum], Tolerance, $"sum of length {length}");
        }

        return fault;
    }
}
