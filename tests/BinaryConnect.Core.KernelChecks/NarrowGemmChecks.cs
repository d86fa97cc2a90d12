using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class NarrowGemmChecks
{
    private static readonly int[] Rows = [1, 2, 3, 5], Outputs = [1, 4, 5, 6, 10, 12];
    private static readonly GuardedMemory<float> First = new(12 * 100), Second = new(12 * 100), Result = new(12 * 100);

    public static void Run(Report report)
    {
        report.Kernel("NarrowGemm.MultiplyTransposed", (form, side) => EveryShape(form, side, transposed: true));
        report.Kernel("NarrowGemm.TransposeMultiply", (form, side) => EveryShape(form, side, transposed: false));
    }

    // Small whole numbers: every sum is exact whatever its order, so all forms must agree to the bit.
    private static string? EveryShape(Form form, Side side, bool transposed)
    {
        string? fault = null;
        foreach (int inner in Enumerable.Range(1, 70).Append(100))
        {
            foreach (int rows in Rows)
            {
                foreach (int outputs in Outputs)
                {
                    int a = transposed ? rows * inner : rows * outputs, b = transposed ? outputs * inner : rows * inner;
                    float[] first = KernelInputs.Whole(a, seed: inner), second = KernelInputs.Whole(b, seed: outputs);
                    float[] expected = new float[transposed ? rows * outputs : outputs * inner];
                    Span<float> result = Result.Take(expected.Length, side);
                    result.Fill(float.NaN);
                    if (transposed) NarrowGemm.MultiplyTransposedScalar(first, second, expected, inner);
                    else NarrowGemm.TransposeMultiplyScalar(first, second, expected, inner);
                    if (transposed)
                        NarrowGemmForms.MultiplyTransposed(
                            form, First.Take(first, side), Second.Take(second, side), result, inner);
                    else
                        NarrowGemmForms.TransposeMultiply(
                            form, First.Take(first, side), Second.Take(second, side), result, inner);
                    fault ??= Compare.Near(result, expected, 0, $"{rows} rows, {outputs} outputs, {inner} inner");
                }
            }
        }

        return fault;
    }
}
