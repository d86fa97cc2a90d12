using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// Products of bytes against scalar products of the same numbers as floats. Whole numbers make every sum exact.
/// </summary>
internal static class NarrowGemmOfBytesChecks
{
    private const int MostInner = 150, MostOutputs = 12;
    private const float Scale = 0.25f;
    private static readonly int[] Inners = [.. Enumerable.Range(1, 36), 63, 64, 65, 127, 128, 129, MostInner];
    private static readonly int[] Rows = [1, 2, GuardedRows.Most], Outputs = [1, 4, 5, 6, 10, MostOutputs];
    private static readonly GuardedRows Inputs = new(MostInner), Ahead = new(MostInner);
    private static readonly GuardedMemory<float> Factors = new(MostOutputs * MostInner), Results = new(MostOutputs * MostInner);

    public static void Run(Report report)
    {
        foreach (RowView view in Enum.GetValues<RowView>())
        {
            report.Kernel(
                $"NarrowGemm.MultiplyTransposed, bytes, {view}", NarrowGemmForms.OfBytes,
                (form, side) => EveryShape(form, side, view, MultiplyTransposed));
            report.Kernel(
                $"NarrowGemm.TransposeMultiply, bytes, {view}", NarrowGemmForms.OfBytes,
                (form, side) => EveryShape(form, side, view, TransposeMultiply));
        }
    }

    private delegate string? Check(Form form, Side side, ByteRows x, float[] floats, int outputs);

    private static string? EveryShape(Form form, Side side, RowView view, Check check)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            foreach (int rows in Rows)
            {
                ByteRows x = Inputs.Take(view, rows, inner, side);
                float[] floats = new float[rows * inner];
                for (int i = 0; i < floats.Length; i++) floats[i] = x[i / inner][i % inner];
                foreach (int outputs in Outputs) fault ??= check(form, side, x, floats, outputs);
            }
        }

        return fault;
    }

    private static string? MultiplyTransposed(Form form, Side side, ByteRows x, float[] floats, int outputs)
    {
        float[] w = KernelInputs.Whole(outputs * x.Width, seed: outputs, bound: 3), expected = new float[x.Count * outputs];
        NarrowGemm.MultiplyTransposedScalar(floats, w, expected, x.Width);
        Span<float> z = Results.Take(expected.Length, side);
        z.Fill(float.NaN);
        NarrowGemmForms.MultiplyTransposed(form, x, Factors.Take(w, side), z);
        return Compare.Same(z, expected, $"{x.Count} rows, {outputs} outputs, {x.Width} inner");
    }

    // Long rows of the next batch are copied during the product. The first and the last row of their table are among
    // them.
    private static string? TransposeMultiply(Form form, Side side, ByteRows x, float[] floats, int outputs)
    {
        float[] g = KernelInputs.Whole(x.Count * outputs, seed: outputs, bound: 3), expected = new float[outputs * x.Width];
        NarrowGemm.TransposeMultiplyScalar(g, floats, expected, x.Width);
        Span<float> d = Results.Take(expected.Length, side);
        d.Fill(float.NaN);
        NextBatchRows ahead = Ahead.TakeAhead(x.Width, side);
        NarrowGemmForms.TransposeMultiply(form, Factors.Take(g, side), x, d, Scale, ahead);
        return RowsAhead.Fault(ahead, areComplete: outputs >= 5 && x.Width >= RowPrefetcher.StepLength)
            ?? Compare.Same(
                d, Array.ConvertAll(expected, value => value * Scale), $"{x.Count} rows, {outputs} outputs, {x.Width} inner");
    }
}
