using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class CrossEntropyColumnsChecks
{
    private const int MostRows = 70;
    private const float Share = 1f / 128;
    private static readonly int[] Classes = [1, 2, 3, 10];
    private static readonly GuardedMemory<float> Columns = new(10 * MostRows), Maxima = new(MostRows), OfLabels = new(MostRows), Sums = new(MostRows);
    private static readonly GuardedMemory<int> Labels = new(MostRows);

    public static void Run(Report report)
    {
        report.Kernel("CrossEntropyColumns.Run", EveryShape);
        report.Kernel("CrossEntropyColumns.SumOfLosses", [Form.Dispatched], SumOfLosses);
    }

    // Every lane does what the scalar form does for its row, in the same order.
    private static string? EveryShape(Form form, Side side)
    {
        string? fault = null;
        foreach (int classes in Classes)
        {
            for (int rows = 0; rows <= MostRows; rows++)
            {
                float[] expected = KernelInputs.Uniform(classes * rows, seed: rows, bound: 50);
                float[] expectedMaxima = new float[rows], expectedOfLabels = new float[rows], expectedSums = new float[rows];
                Span<float> columns = Columns.Take(expected, side), maxima = Maxima.Take(rows, side), ofLabels = OfLabels.Take(rows, side), sums = Sums.Take(rows, side);
                Span<int> labels = Labels.Take([.. Enumerable.Range(0, rows).Select(i => (i * i + rows) % classes)], side);
                CrossEntropyColumnsForms.Run(form, columns, labels, Share, maxima, ofLabels, sums);
                CrossEntropyColumns.RunScalar(expected, labels, Share, expectedMaxima, expectedOfLabels, expectedSums);
                string shape = $"{classes} classes, {rows} rows";
                fault ??= Compare.Same(columns, expected, shape)
                    ?? Compare.Same(maxima, expectedMaxima, $"maxima, {shape}")
                    ?? Compare.Same(ofLabels, expectedOfLabels, $"logits of labels, {shape}")
                    ?? Compare.Same(sums, expectedSums, $"sums, {shape}");
            }
        }

        return fault;
    }

    private static string? SumOfLosses(Form form, Side side)
    {
        string? fault = null;
        for (int rows = 0; rows <= MostRows; rows++)
        {
            float[] above = KernelInputs.Uniform(rows, seed: rows, bound: 5), below = KernelInputs.Uniform(rows, seed: rows + 1, bound: 5);
            float[] several = Array.ConvertAll(KernelInputs.Uniform(rows, seed: rows + 2, bound: 4), value => value + 5);
            double expected = 0;
            for (int i = 0; i < rows; i++) expected += Math.Log(several[i]) + ((double)above[i] - below[i]);
            double sum = CrossEntropyColumns.SumOfLosses(Maxima.Take(above, side), OfLabels.Take(below, side), Sums.Take(several, side));
            if (!(Math.Abs(sum - expected) <= 1e-12 * rows)) fault ??= $"{rows} rows: {sum}, expected {expected}";
        }

        return fault;
    }
}
