using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SoftmaxColumnsChecks
{
    private const int MostRows = 70;
    private const float Share = 1f / 128;
    private static readonly int[] Classes = [1, 2, 3, 10];
    private static readonly GuardedMemory<float> Columns = new(10 * MostRows), PerRow = new(MostRows);

    private delegate void Pass(Span<float> columns, Span<float> perRow);

    public static void Run(Report report)
    {
        report.Kernel("SoftmaxColumns.SubtractMaxima", (form, side) => EveryShape(
            side,
            (columns, maxima) => SoftmaxColumnsForms.SubtractMaxima(form, columns, maxima),
            (columns, maxima) => SoftmaxColumns.SubtractMaximaScalar(columns, maxima)));
        report.Kernel("SoftmaxColumns.Normalize", (form, side) => EveryShape(
            side,
            (columns, sums) => SoftmaxColumnsForms.Normalize(form, columns, Share, sums),
            (columns, sums) => SoftmaxColumns.NormalizeScalar(columns, Share, sums)));
    }

    // Every lane does what the scalar form does for its row, in the same order.
    private static string? EveryShape(Side side, Pass pass, Pass scalar)
    {
        string? fault = null;
        foreach (int classes in Classes)
        {
            for (int rows = 0; rows <= MostRows; rows++)
            {
                float[] expected = Array.ConvertAll(KernelInputs.Uniform(classes * rows, seed: rows), value => value + 1), expectedPerRow = new float[rows];
                Span<float> columns = Columns.Take(expected, side), perRow = PerRow.Take(rows, side);
                perRow.Clear();
                pass(columns, perRow);
                scalar(expected, expectedPerRow);
                fault ??= Compare.Same(columns, expected, $"{classes} classes, {rows} rows")
                    ?? Compare.Same(perRow, expectedPerRow, $"a value for each row, {classes} classes, {rows} rows");
            }
        }

        return fault;
    }
}
