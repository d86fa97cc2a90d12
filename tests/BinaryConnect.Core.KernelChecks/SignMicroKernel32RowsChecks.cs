using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SignMicroKernel32RowsChecks
{
    private const int MostRows = 2 * SignMicroKernel32Rows.Rows, MostOutputs = 130, MostInputs = 130;
    private const float Bound = 0.5f;
    private static readonly Form[] Forms = [Form.Lanes128, Form.Lanes256, Form.Lanes512, Form.Dispatched];
    private static readonly int[] Outputs = [1, 3, 4, 10, 64, 65, 127, MostOutputs];
    private static readonly int[] Inputs = [1, 3, 4, 5, 31, 32, 33, 63, 64, 65, 95, MostInputs];
    private static readonly GuardedMemory<float> X = new(MostRows * MostInputs), Results = new(MostRows * MostOutputs);
    private static readonly GuardedMemory<float> Work = new(
        (int)SignMicroKernel32Rows.WorkLength(new SignLayout(MostOutputs, MostInputs)));
    private static readonly GuardedMemory<uint> Signs = new(new SignLayout(MostOutputs, MostInputs).Length);

    public static void Run(Report report)
    {
        report.Kernel("SignMicroKernel32Rows.Take", [Form.Dispatched], (_, _) => WholeBlocks());
        report.Kernel("SignMicroKernel32Rows.Multiply", Forms, EveryShape);
    }

    private static string? WholeBlocks()
    {
        int block = Vector128.IsHardwareAccelerated ? SignMicroKernel32Rows.Rows : 0;
        foreach ((int rows, int taken) in new[] { (0, 0), (31, 0), (32, block), (63, block), (64, 2 * block) })
        {
            if (SignMicroKernel32Rows.Take(rows) != taken) return $"{SignMicroKernel32Rows.Take(rows)} of {rows} rows";
        }

        return null;
    }

    private static string? EveryShape(Form form, Side side)
    {
        string? fault = null;
        foreach (int inputs in Inputs)
        {
            foreach (int outputs in Outputs)
            {
                var layout = new SignLayout(outputs, inputs);
                fault ??= EveryRange(form, side, layout, SignMicroKernel32Rows.Rows);
                fault ??= EveryRange(form, side, layout, MostRows);
            }
        }

        return fault;
    }

    // Whole numbers and a bound that is a power of two: every sum is exact. Results of other tiles do not change.
    private static string? EveryRange(Form form, Side side, SignLayout layout, int rows)
    {
        float[] values = KernelInputs.Whole(rows * layout.Inputs, seed: rows), expected = new float[rows * layout.Outputs];
        uint[] packed = new uint[layout.Length];
        SignPacking.PackScalar(KernelInputs.Uniform(layout.Outputs * layout.Inputs, seed: 1), layout, packed);
        Span<uint> signs = Signs.Take(packed, side);
        Span<float> x = X.Take(values, side), work = Work.Take((int)SignMicroKernel32Rows.WorkLength(layout), side);
        Span<float> results = Results.Take(expected.Length, side);
        string? fault = null;
        for (int first = 0; first <= layout.Tiles; first++)
        {
            for (int end = first; end <= layout.Tiles; end++)
            {
                Array.Fill(expected, float.NaN);
                results.Fill(float.NaN);
                SignGemm.MultiplyScalar(values, packed, layout, Bound, expected, first, end);
                Multiply(form, x, signs, layout, results, work, first, end);
                fault ??= Compare.Same(
                    results, expected, $"{rows} rows, {layout.Outputs} outputs, {layout.Inputs} inputs, tiles {first} to {end}");
            }
        }

        return fault;
    }

    private static void Multiply(
        Form form, ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, Span<float> z, Span<float> work, int first,
        int end)
    {
        switch (form)
        {
            case Form.Lanes128:
                SignMicroKernel32Rows.Multiply<Vector128<float>, Lanes128>(x, signs, layout, Bound, z, work, first, end);
                break;
            case Form.Lanes256:
                SignMicroKernel32Rows.Multiply<Vector256<float>, Lanes256>(x, signs, layout, Bound, z, work, first, end);
                break;
            case Form.Lanes512:
                SignMicroKernel32Rows.Multiply<Vector512<float>, Lanes512>(x, signs, layout, Bound, z, work, first, end);
                break;
            default: SignMicroKernel32Rows.Multiply(x, signs, layout, Bound, z, work, first, end); break;
        }
    }
}
