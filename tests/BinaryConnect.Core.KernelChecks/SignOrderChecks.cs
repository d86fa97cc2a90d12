using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// The forms of the ±1 product, bit by bit against plain loops of the same additions. No machine has all of these
/// forms: each must give the bits of the loops, so that all give the same.
/// </summary>
internal static class SignOrderChecks
{
    private const int Tile = SignLayout.TileOutputs, Rows = 4, MostTiles = 2, MostInputs = 130, MostRows = 37;
    private const float Bound = 0.3f;
    private static readonly Form[] OneForm = [Form.Dispatched];
    private static readonly int[] Lengths = [1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65, 100, MostInputs];
    private static readonly GuardedMemory<float> Inputs = new(MostRows * MostInputs);
    private static readonly GuardedMemory<float> Tables = new(SignGemm.WorkLength(new SignLayout(MostTiles * Tile, MostInputs)));
    private static readonly GuardedMemory<float> Sums = new(MostRows * MostTiles * Tile);
    private static readonly GuardedMemory<uint> Signs = new(new SignLayout(MostTiles * Tile, MostInputs).Length);

    public static void Run(Report report)
    {
        if (Avx512F.IsSupported) Run<SignMicroKernel512>(report);
        if (Avx2.IsSupported) Run<SignMicroKernel256>(report);
        if (AdvSimd.Arm64.IsSupported) Run<SignMicroKernelArm64>(report);
        if (!Vector128.IsHardwareAccelerated) return;
        Run<SignMicroKernel128>(report);
        report.Kernel("SignGemm.Multiply, order of sums", OneForm, (_, side) => EveryProduct(side));
    }

    private static void Run<TTiles>(Report report)
        where TTiles : struct, ISignMicroKernel
    {
        string name = typeof(TTiles).Name;
        report.Kernel($"{name}.OneRow, order of sums", OneForm, (_, side) => EveryLength<TTiles>(side, rows: 1, tiles: 1));
        report.Kernel(
            $"{name}.OneRowTwoTiles, order of sums", OneForm, (_, side) => EveryLength<TTiles>(side, rows: 1, MostTiles));
        report.Kernel($"{name}.FourRows, order of sums", OneForm, (_, side) => EveryLength<TTiles>(side, Rows, tiles: 1));
        report.Kernel($"{name}, whole numbers", OneForm, (_, side) => EveryLengthOfWholeNumbers<TTiles>(side));
    }

    private static string? EveryLength<TTiles>(Side side, int rows, int tiles)
        where TTiles : struct, ISignMicroKernel
    {
        string? fault = null;
        foreach (int inputs in Lengths)
        {
            var layout = new SignLayout(tiles * Tile, inputs);
            uint[] signs = Packed(layout);
            foreach (float[] x in ManyKinds(rows, inputs))
            {
                float[] expected = new float[rows * layout.Outputs];
                MultiplyGroupAfterGroup(x, signs, layout, expected);
                fault ??= Compare.Same(
                    Multiply<TTiles>(x, rows, signs, layout, side), expected, $"{rows} rows of {inputs} inputs, {x[0]} first");
            }
        }

        return fault;
    }

    // Every sum is exact in any order, so the results must equal those of the definition.
    private static string? EveryLengthOfWholeNumbers<TTiles>(Side side)
        where TTiles : struct, ISignMicroKernel
    {
        string? fault = null;
        foreach (int inputs in Lengths)
        {
            var layout = new SignLayout(Tile, inputs);
            uint[] signs = Packed(layout);
            float[] x = KernelInputs.Whole(Rows * inputs, seed: inputs), expected = new float[Rows * Tile];
            SignGemm.MultiplyScalar(x, signs, layout, Bound, expected, 0, layout.Tiles);
            fault ??= Compare.Same(Multiply<TTiles>(x, Rows, signs, layout, side), expected, $"{inputs} inputs");
        }

        return fault;
    }

    private static string? EveryProduct(Side side)
    {
        string? fault = null;
        foreach (int outputs in (ReadOnlySpan<int>)[1, 10, 64, 65, MostTiles * Tile])
        {
            foreach (int rows in (ReadOnlySpan<int>)[1, 4, 9, MostRows])
            {
                var layout = new SignLayout(outputs, MostInputs);
                uint[] signs = Packed(layout);
                float[] x = Spread(rows, MostInputs), expected = new float[rows * outputs];
                MultiplyGroupAfterGroup(x, signs, layout, expected);
                Span<float> sums = Sums.Take(expected.Length, side), work = Tables.Take(SignGemm.WorkLength(layout), side);
                sums.Fill(float.NaN);
                SignGemm.Multiply(Inputs.Take(x, side), Signs.Take(signs, side), layout, Bound, sums, work);
                fault ??= Compare.Same(sums, expected, $"{rows} rows, {outputs} outputs");
            }
        }

        return fault;
    }

    // One call of a tile, all its memory of just the size it may touch.
    private static Span<float> Multiply<TTiles>(float[] x, int rows, uint[] packed, SignLayout layout, Side side)
        where TTiles : struct, ISignMicroKernel
    {
        int inputs = layout.Inputs, words = layout.Words, groups = words * (SignLayout.WordInputs / SumTables.GroupInputs);
        Span<float> tables = Tables.Take(rows * groups * TTiles.GroupFloats, side), sums = Sums.Take(rows * layout.Outputs, side);
        Span<uint> signs = Signs.Take(packed, side);
        tables.Fill(float.NaN);
        sums.Fill(float.NaN);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = Inputs.Take(x.AsSpan(i * inputs, inputs), side);
            TTiles.Prepare(row, groups, tables[(i * TTiles.GroupFloats)..], rows * TTiles.GroupFloats);
        }

        int bytes = (layout.Inputs + 7) / 8;
        if (rows == Rows) TTiles.FourRows(ref tables[0], ref signs[0], bytes, Bound, ref sums[0], layout.Outputs);
        else if (layout.Tiles == 1) TTiles.OneRow(ref tables[0], ref signs[0], words, Bound, ref sums[0]);
        else TTiles.OneRowTwoTiles(ref tables[0], ref signs[0], words, Bound, ref sums[0]);
        return sums;
    }

    // The order of sums: two pairs make a group of four inputs, and groups are added one after the other.
    private static void MultiplyGroupAfterGroup(float[] x, uint[] signs, SignLayout layout, float[] z)
    {
        int inputs = layout.Inputs, outputs = layout.Outputs;
        for (int i = 0; i < x.Length / inputs; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                float sum = 0;
                for (int k = 0; k < inputs; k += 4)
                    sum += Term(i, j, k) + Term(i, j, k + 1) + (Term(i, j, k + 2) + Term(i, j, k + 3));
                z[i * outputs + j] = Bound * sum;
            }
        }

        float Term(int i, int j, int k)
        {
            if (k >= inputs) return 0;
            bool isPositive = (signs[layout.IndexOf(j, k / SignLayout.WordInputs)] >> k % SignLayout.WordInputs & 1) != 0;
            return isPositive ? x[i * inputs + k] : -x[i * inputs + k];
        }
    }

    private static IEnumerable<float[]> ManyKinds(int rows, int inputs)
    {
        yield return Spread(rows, inputs);
        foreach (float value in new[]
        {
            0, -0f, float.Epsilon, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
        })
        {
            float[] x = Spread(rows, inputs);
            for (int k = 0; k < x.Length; k += 7) x[k] = value;
            yield return x;
        }
    }

    // Magnitudes from 2⁻¹² to 2¹¹, so that another order of additions rounds differently.
    private static float[] Spread(int rows, int inputs)
    {
        float[] x = KernelInputs.Uniform(rows * inputs, seed: inputs);
        for (int k = 0; k < x.Length; k++) x[k] = MathF.ScaleB(x[k], k * 5 % 24 - 12);
        return x;
    }

    private static uint[] Packed(SignLayout layout)
    {
        uint[] signs = new uint[layout.Length];
        SignPacking.PackScalar(KernelInputs.Uniform(layout.Outputs * layout.Inputs, seed: layout.Outputs), layout, signs);
        return signs;
    }
}
