using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SoftmaxChecks
{
    // The exponential is good to a few units in the last place, and a probability is a quotient of such.
    private const float Tolerance = 1e-6f;

    private static readonly GuardedMemory<float> Logits = new(256), Results = new(256);

    public static void Run(Report report) => report.Kernel("Softmax.Rows", [Form.Dispatched], Rows);

    private static string? Rows(Form form, Side side)
    {
        string? fault = null;
        for (int rows = 0; rows <= 4; rows++)
        {
            for (int classes = 1; classes <= 40; classes++)
            {
                float[] logits = KernelInputs.Uniform(rows * classes, seed: classes, bound: 10);
                Span<float> results = Results.Take(logits.Length, side);
                Softmax.Rows(Logits.Take(logits, side), classes, results);
                fault ??= Compare.Near(results, Expected(logits, classes), Tolerance, $"{rows} rows of {classes}");
            }
        }

        return fault;
    }

    private static float[] Expected(float[] logits, int classes) =>
        [.. logits.Chunk(classes).SelectMany(row =>
        {
            float largest = row.Max();
            double sum = row.Sum(logit => Math.Exp(logit - largest));
            return row.Select(logit => (float)(Math.Exp(logit - largest) / sum));
        })];
}
