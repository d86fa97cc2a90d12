using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class ByteSignGemmChecks
{
    private const int MostInner = 4097, MostOutputs = 12;
    private static readonly int[] Inners = [1, 15, 16, 17, 63, 64, 65, 79, 127, 128, 129, 200, 784, 1025, MostInner];
    private static readonly int[] Rows = [0, 1, 2, 3, GuardedRows.Most], Outputs = [1, 4, 5, 6, 10, MostOutputs];
    private static readonly GuardedRows Inputs = new(MostInner);
    private static readonly GuardedMemory<sbyte> Signs = new(MostOutputs * ByteSignGemm.Stride(MostInner));
    private static readonly GuardedMemory<int> Sums = new(GuardedRows.Most * MostOutputs);

    public static void Run(Report report)
    {
        foreach (RowView view in Enum.GetValues<RowView>())
            report.Kernel(
                $"ByteSignGemm.Multiply, {view}", ByteSignGemmForms.Supported, (form, side) => EveryShape(form, side, view));
    }

    private static string? EveryShape(Form form, Side side, RowView view)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            foreach (int outputs in Outputs)
            {
                float[] weights = Array.ConvertAll(
                    KernelInputs.Whole(outputs * inner, seed: inner), weight => weight < 0 ? -1f : 1);
                sbyte[] packed = new sbyte[outputs * ByteSignGemm.Stride(inner)];
                ByteSignPacking.Pack(weights, 1, packed, inner);
                Span<sbyte> signs = Signs.Take(packed, side);
                foreach (int rows in Rows)
                {
                    ByteRows x = Inputs.Take(view, rows, inner, side);
                    int[] expected = new int[rows * outputs];
                    ByteSignGemm.MultiplyScalar(x, packed, expected);
                    Span<int> sums = Sums.Take(expected.Length, side);
                    sums.Fill(int.MinValue);
                    ByteSignGemmForms.Multiply(form, x, signs, sums);
                    fault ??= Compare.Equal(sums, expected, $"{rows} rows, {outputs} outputs, {inner} inner");
                }
            }
        }

        return fault;
    }
}
