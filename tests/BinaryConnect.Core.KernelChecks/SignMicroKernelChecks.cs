using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// Each tile of a ±1 product on memory of exactly its size. In a whole product, tables and signs are longer.
/// </summary>
internal static class SignMicroKernelChecks
{
    private const int Tile = SignLayout.TileOutputs, Outputs = 2 * Tile, Rows = 4, MostInputs = 100;
    private const float Bound = 0.5f;
    private static readonly int[] Lengths = [1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65, MostInputs];
    private static readonly Form[] Forms =
        [.. SignGemmForms.Supported.Where(form => form is Form.Lanes128 or Form.Lanes256 or Form.Lanes512)];
    private static readonly GuardedMemory<float> Inputs = new(MostInputs);
    private static readonly GuardedMemory<float> Tables = new(SignGemm.WorkLength(new SignLayout(Outputs, MostInputs)));
    private static readonly GuardedMemory<float> Sums = new(Rows * Outputs);
    private static readonly GuardedMemory<uint> Signs = new(new SignLayout(Outputs, MostInputs).Length);

    public static void Run(Report report)
    {
        report.Kernel("SignMicroKernel.OneRow", Forms, (form, side) => EveryLength(form, side, rows: 1, outputs: Tile));
        report.Kernel(
            "SignMicroKernel.OneRowTwoTiles", Forms, (form, side) => EveryLength(form, side, rows: 1, outputs: Outputs));
        report.Kernel("SignMicroKernel.FourRows", Forms, (form, side) => EveryLength(form, side, Rows, outputs: Tile));
    }

    private static string? EveryLength(Form form, Side side, int rows, int outputs) => form switch
    {
        Form.Lanes128 => EveryLength<SignMicroKernel128>(side, rows, outputs),
        Form.Lanes256 => EveryLength<SignMicroKernel256>(side, rows, outputs),
        _ => EveryLength<SignMicroKernel512>(side, rows, outputs),
    };

    private static string? EveryLength<TTiles>(Side side, int rows, int outputs)
        where TTiles : struct, ISignMicroKernel
    {
        string? fault = null;
        foreach (int inputs in Lengths)
        {
            var layout = new SignLayout(outputs, inputs);
            float[] x = KernelInputs.Whole(rows * inputs, seed: inputs), expected = new float[rows * outputs];
            uint[] signs = new uint[layout.Length];
            SignPacking.PackScalar(KernelInputs.Uniform(outputs * inputs, seed: 1), layout, signs);
            SignGemm.MultiplyScalar(x, signs, layout, Bound, expected, 0, layout.Tiles);
            Span<float> sums = Sums.Take(outputs + (rows - 1) * Outputs, side);
            sums.Fill(float.NaN);
            Multiply<TTiles>(x, rows, Signs.Take(signs, side), layout, sums, side);
            for (int i = 0; i < rows; i++)
            {
                fault ??= Compare.Same(
                    sums.Slice(i * Outputs, outputs), expected.AsSpan(i * outputs, outputs), $"row {i} of {inputs} inputs");
                if (i > 0 && sums[(i * Outputs - Tile)..(i * Outputs)].ContainsAnyExcept(float.NaN))
                    fault ??= $"written before row {i} of {inputs} inputs";
            }
        }

        return fault;
    }

    private static void Multiply<TTiles>(float[] x, int rows, Span<uint> signs, SignLayout layout, Span<float> sums, Side side)
        where TTiles : struct, ISignMicroKernel
    {
        int inputs = layout.Inputs, words = layout.Words, groups = words * (SignLayout.WordInputs / SumTables.GroupInputs);
        Span<float> tables = Tables.Take(rows * groups * TTiles.GroupFloats, side);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = Inputs.Take(x.AsSpan(i * inputs, inputs), side);
            TTiles.Prepare(row, groups, tables[(i * TTiles.GroupFloats)..], rows * TTiles.GroupFloats);
        }

        if (rows == Rows) TTiles.FourRows(ref tables[0], ref signs[0], (layout.Inputs + 7) / 8, Bound, ref sums[0], Outputs);
        else if (layout.Tiles == 1) TTiles.OneRow(ref tables[0], ref signs[0], words, Bound, ref sums[0]);
        else TTiles.OneRowTwoTiles(ref tables[0], ref signs[0], words, Bound, ref sums[0]);
    }
}
