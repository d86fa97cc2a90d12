using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// The sum tables of bytes against products one by one: ragged shapes, and inputs of 255, whose 16-bit sums are
/// largest.
/// </summary>
internal static class ByteTableGemmChecks
{
    private const int MostInner = 2100, MostOutputs = 260;
    private static readonly int[] Inners = [1, 4, 5, 14, 15, 16, 30, 31, 254, 255, 256, 270, 510, 784, 1024, 2040, MostInner];
    private static readonly int[] Rows = [0, 1, 3, 4, 5, GuardedRows.Most], Outputs = [1, 127, 128, 129, MostOutputs];
    private static readonly GuardedRows Inputs = new(MostInner);
    private static readonly GuardedMemory<byte> Bits = new((MostInner + 7) / 8 * MostOutputs);
    private static readonly GuardedMemory<ushort> Words = new(new ByteTableLayout(MostOutputs, MostInner).Length);
    private static readonly GuardedMemory<int> Sums = new(GuardedRows.Most * new ByteTableLayout(MostOutputs, 1).Stride);
    private static readonly GuardedMemory<short> Work = new(ByteTableGemm.WorkLength);

    public static void Run(Report report)
    {
        foreach (Side side in Enum.GetValues<Side>())
        {
            foreach (RowView view in Enum.GetValues<RowView>())
                report.Count($"ByteTableGemm.Multiply, {view}, {side}", EveryShape(view, side));
            report.Count($"ByteTableGemm.Multiply, largest sums, {side}", LargestSums(side));
        }
    }

    private static string? EveryShape(RowView view, Side side)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            foreach (int outputs in Outputs)
            {
                float[] weights = KernelInputs.Whole(outputs * inner, seed: inner);
                foreach (int rows in Rows)
                    fault ??= Product(Inputs.Take(view, rows, inner, side), weights, outputs, side);
            }
        }

        return fault;
    }

    // Signs all +, so that every table adds all of its inputs, and all −.
    private static string? LargestSums(Side side)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            byte[] x = new byte[GuardedRows.Most * inner];
            Array.Fill(x, byte.MaxValue);
            float[] weights = new float[2 * inner];
            Array.Fill(weights, 1, 0, inner);
            Array.Fill(weights, -1, inner, inner);
            fault ??= Product(new ByteRows(x, inner), weights, 2, side);
        }

        return fault;
    }

    private static string? Product(ByteRows x, float[] weights, int outputs, Side side)
    {
        int inner = x.Width, stride = (inner + 7) / 8;
        var layout = new ByteTableLayout(outputs, inner);
        byte[] packed = new byte[outputs * stride];
        for (int i = 0; i < weights.Length; i++)
            if (weights[i] >= 0) packed[i / inner * stride + i % inner / 8] |= (byte)(1 << i % inner % 8);
        Span<ushort> words = Words.Take(layout.Length, side);
        words.Fill(ushort.MaxValue);
        ByteTablePacking.Pack(Bits.Take(packed, side), layout, words);
        Span<int> sums = Sums.Take(x.Count * layout.Stride, side);
        sums.Fill(int.MinValue);
        ByteTableGemm.Multiply(x, words, layout, sums, Work.Take(ByteTableGemm.WorkLength, side));
        int[] scalar = new int[sums.Length];
        ByteTableGemm.MultiplyScalar(x, words, layout, scalar);
        string shape = $"{x.Count} rows, {outputs} outputs, {inner} inner";
        return Compare.Equal<int>(sums, scalar, shape) ?? OneByOne(x, weights, layout, sums, shape);
    }

    private static string? OneByOne(ByteRows x, float[] weights, ByteTableLayout layout, Span<int> sums, string shape)
    {
        for (int i = 0; i < x.Count; i++)
        {
            for (int j = 0; j < layout.Outputs; j++)
            {
                int sum = 0;
                for (int k = 0; k < x.Width; k++) sum += weights[j * x.Width + k] < 0 ? -x[i][k] : x[i][k];
                if (sums[i * layout.Stride + j] != sum)
                    return $"{shape}, row {i}, output {j}: {sums[i * layout.Stride + j]} for {sum}";
            }
        }

        return null;
    }
}
