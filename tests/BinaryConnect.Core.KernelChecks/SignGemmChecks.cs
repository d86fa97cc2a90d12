using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SignGemmChecks
{
    private const int MostRows = 69, MostOutputs = 200, MostInputs = 130;
    private const float Bound = 0.5f;
    private static readonly int[] Rows = [0, 1, 2, 4, 5, 9, 32, 33, MostRows];
    private static readonly int[] Outputs = [1, 2, 10, 63, 64, 65, 127, 128, 129, 192, MostOutputs];
    private static readonly int[] Inputs = [1, 3, 4, 5, 31, 32, 33, 64, 65, 95, MostInputs];
    private static readonly GuardedMemory<float> X = new(MostRows * MostInputs), Results = new(MostRows * MostOutputs);
    private static readonly GuardedMemory<float> Work = new(SignGemm.WorkLength(new SignLayout(MostOutputs, MostInputs)));
    private static readonly GuardedMemory<uint> Signs = new(new SignLayout(MostOutputs, MostInputs).Length);

    public static void Run(Report report)
    {
        report.Kernel("SignGemm.Multiply", SignGemmForms.Supported, EveryShape);
        report.Kernel("SignGemm.Multiply, some tiles", SignGemmForms.Supported, EveryRangeOfTiles);
    }

    private static string? EveryShape(Form form, Side side)
    {
        string? fault = null;
        foreach (int inputs in Inputs)
        {
            foreach (int outputs in Outputs)
            {
                var layout = new SignLayout(outputs, inputs);
                fault ??= EveryNumberOfRows(form, side, layout, 0, layout.Tiles);
            }
        }

        return fault;
    }

    private static string? EveryRangeOfTiles(Form form, Side side)
    {
        string? fault = null;
        foreach (int outputs in (ReadOnlySpan<int>)[192, MostOutputs])
        {
            var layout = new SignLayout(outputs, 70);
            for (int first = 0; first <= layout.Tiles; first++)
            {
                for (int end = first; end <= layout.Tiles; end++) fault ??= EveryNumberOfRows(form, side, layout, first, end);
            }
        }

        return fault;
    }

    // Whole numbers and a bound that is a power of two: every sum is exact. Results of other tiles do not change.
    private static string? EveryNumberOfRows(Form form, Side side, SignLayout layout, int firstTile, int endTile)
    {
        int inputs = layout.Inputs, outputs = layout.Outputs;
        float[] values = KernelInputs.Whole(MostRows * inputs, seed: inputs), expected = new float[MostRows * outputs];
        uint[] packed = new uint[layout.Length];
        SignPacking.PackScalar(KernelInputs.Uniform(outputs * inputs, seed: outputs), layout, packed);
        Array.Fill(expected, float.NaN);
        SignGemm.MultiplyScalar(values, packed, layout, Bound, expected, firstTile, endTile);
        Span<uint> signs = Signs.Take(packed, side);
        Span<float> work = Work.Take(SignGemm.WorkLength(layout), side);
        string? fault = null;
        foreach (int rows in Rows)
        {
            Span<float> x = X.Take(values.AsSpan(0, rows * inputs), side), results = Results.Take(rows * outputs, side);
            results.Fill(float.NaN);
            SignGemmForms.Multiply(form, x, signs, layout, Bound, results, work, firstTile, endTile);
            fault ??= Compare.Same(
                results, expected.AsSpan(0, rows * outputs),
                $"{rows} rows, {outputs} outputs, {inputs} inputs, tiles {firstTile} to {endTile}");
        }

        return fault;
    }
}
