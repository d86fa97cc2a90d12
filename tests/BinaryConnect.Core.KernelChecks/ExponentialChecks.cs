using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class ExponentialChecks
{
    private const int Values = 1 << 12;
    private const float RelativeBound = 1f / (1 << 22);

    public static void Run(Report report) => report.Kernel(
        "Exponential.OfDifference", [Form.Scalar, Form.Lanes128, Form.Lanes256, Form.Lanes512], (form, _) => EveryValue(form));

    private static string? EveryValue(Form form)
    {
        float[] x = [.. Enumerable.Range(0, Values).Select(i => -70f * i / Values)], results = [.. x];
        ExponentialForms.OfDifferences(form, results);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = x[i] < FlushToZero.Logit ? 0 : Math.Exp(x[i]);
            if (!(Math.Abs(results[i] - expected) <= RelativeBound * expected)) return $"e to {x[i]:R} is {results[i]:R}";
        }

        return results[0] == 1 ? null : $"e to 0 is {results[0]:R}";
    }
}
