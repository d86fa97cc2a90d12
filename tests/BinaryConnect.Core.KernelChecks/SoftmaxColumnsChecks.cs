using BinaryConnect.Kernels.Softmax;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SoftmaxColumnsChecks
{
    private const int MostRows = 70;
    private const float Factor = 1f / 128;
    private static readonly int[] Classes = [1, 2, 3, 10];
    private static readonly GuardedMemory<float> Columns = new(10 * MostRows), Maxima = new(MostRows), Sums = new(MostRows);

    public static void Run(Report report) => report.Kernel("SoftmaxColumns.Run", EveryShape);

    // Every lane does what the scalar form does for its row, in the same order.
    private static string? EveryShape(Form form, Side side)
    {
        string? fault = null;
        foreach (int classes in Classes)
        {
            for (int rows = 0; rows <= MostRows; rows++)
            {
                float[] expected = KernelInputs.Uniform(classes * rows, seed: rows, bound: 50);
                float[] expectedMaxima = new float[rows], expectedSums = new float[rows];
                Span<float> columns = Columns.Take(expected, side), maxima = Maxima.Take(rows, side);
                Span<float> sums = Sums.Take(rows, side);
                SoftmaxColumnsForms.Run(form, columns, Factor, maxima, sums);
                SoftmaxColumns.RunScalar(expected, Factor, expectedMaxima, expectedSums);
                string shape = $"{classes} classes, {rows} rows";
                fault ??= Compare.Same(columns, expected, shape)
                    ?? Compare.Same(maxima, expectedMaxima, $"maxima, {shape}")
                    ?? Compare.Same(sums, expectedSums, $"sums, {shape}");
            }
        }

        return fault;
    }
}
