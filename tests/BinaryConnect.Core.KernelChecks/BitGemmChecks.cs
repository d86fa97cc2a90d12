using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>±1 times ±1 against products one by one: ragged shapes, and signs that are all equal.</summary>
internal static class BitGemmChecks
{
    private const int MostInner = 700, MostOutputs = 330, MostRows = 9;
    private static readonly int[] Inners = [1, 5, 6, 7, 47, 48, 49, 63, 64, 126, 127, 132, 252, 253, 640, MostInner];
    private static readonly int[] Rows = [0, 1, 3, 4, 5, MostRows], Outputs = [1, 63, 64, 65, 256, 257, MostOutputs];
    private static readonly GuardedMemory<byte> Inputs = new(MostRows * new BitLayout(1, MostInner).Groups);
    private static readonly GuardedMemory<byte> Signs = new(new BitLayout(MostOutputs, MostInner).Length);
    private static readonly GuardedMemory<byte> Bits = new((MostInner + 7) / 8);
    private static readonly GuardedMemory<byte> Packed = new((MostInner + 7) / 8 * MostRows);
    private static readonly GuardedMemory<int> WordSums = new(MostRows * MostOutputs);
    private static readonly GuardedMemory<float> Values = new(MostInner);
    private static readonly GuardedMemory<int> Sums = new(MostRows * new BitLayout(MostOutputs, 1).Stride);

    public static void Run(Report report)
    {
        foreach (Side side in Enum.GetValues<Side>())
        {
            report.Count($"BitGemm.Multiply, {side}", EveryShape(side));
            report.Count($"BitGemm.Multiply, all signs equal, {side}", AllEqual(side));
        }
    }

    private static string? EveryShape(Side side)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            float[] a = SignsOf(MostRows * inner, seed: inner), s = SignsOf(MostOutputs * inner, seed: inner + 1);
            foreach (int outputs in Outputs)
                foreach (int rows in Rows) fault ??= Product(a, s, rows, outputs, inner, side);
        }

        return fault;
    }

    private static string? AllEqual(Side side)
    {
        float[] plus = new float[MostOutputs * MostInner], minus = new float[MostOutputs * MostInner];
        Array.Fill(plus, 1);
        Array.Fill(minus, -1);
        return Product(plus, plus, MostRows, MostOutputs, MostInner, side)
            ?? Product(plus, minus, MostRows, MostOutputs, MostInner, side)
            ?? Product(minus, minus, MostRows, MostOutputs, MostInner, side);
    }

    private static float[] SignsOf(int length, int seed) =>
        Array.ConvertAll(KernelInputs.Whole(length, seed), value => value < 0 ? -1f : 1);

    private static string? Product(float[] a, float[] s, int rows, int outputs, int inner, Side side)
    {
        var layout = new BitLayout(outputs, inner);
        int stride = (inner + 7) / 8;
        Span<byte> inputs = Inputs.Take(rows * layout.Groups, side), bits = Bits.Take(stride, side);
        for (int i = 0; i < rows; i++)
        {
            bits.Fill(byte.MaxValue);
            if (!BitPacking.PackSigns(Values.Take(a.AsSpan(i * inner, inner), side), bits)) return "signs were refused";
            BitPacking.PackRow(bits, inputs.Slice(i * layout.Groups, layout.Groups));
        }

        byte[] rowsOfBits = new byte[outputs * stride];
        for (int j = 0; j < outputs; j++) BitPacking.PackSigns(s.AsSpan(j * inner, inner), rowsOfBits.AsSpan(j * stride, stride));
        Span<byte> signs = Signs.Take(layout.Length, side);
        BitPacking.PackOutputs(rowsOfBits, layout, signs);
        Span<int> sums = Sums.Take(rows * layout.Stride, side);
        sums.Fill(int.MinValue);
        BitGemm.Multiply(inputs, signs, layout, sums);
        int[] scalar = new int[sums.Length];
        BitGemm.MultiplyScalar(inputs, signs, layout, scalar);
        string shape = $"{rows} rows, {outputs} outputs, {inner} inner";
        return Compare.Equal<int>(sums, scalar, shape)
            ?? OneByOne(a, s, layout, sums, shape)
            ?? Words(a, rowsOfBits, layout, sums, side);
    }

    private static string? Words(float[] a, byte[] signs, BitLayout layout, Span<int> sums, Side side)
    {
        int stride = (layout.Inputs + 7) / 8, rows = sums.Length / layout.Stride;
        byte[] packed = new byte[rows * stride];
        for (int i = 0; i < rows; i++)
            BitPacking.PackSigns(a.AsSpan(i * layout.Inputs, layout.Inputs), packed.AsSpan(i * stride, stride));
        Span<int> ofWords = WordSums.Take(rows * layout.Outputs, side);
        BitWords.Multiply(Packed.Take(packed, side), signs, layout.Inputs, ofWords);
        string? fault = null;
        for (int i = 0; i < rows; i++)
        {
            fault ??= Compare.Equal<int>(
                ofWords.Slice(i * layout.Outputs, layout.Outputs),
                sums.Slice(i * layout.Stride, layout.Outputs),
                $"words, row {i}, {layout.Inputs} inner");
        }

        return fault;
    }

    private static string? OneByOne(float[] a, float[] s, BitLayout layout, Span<int> sums, string shape)
    {
        int inner = layout.Inputs;
        for (int i = 0; i < sums.Length / layout.Stride; i++)
        {
            for (int j = 0; j < layout.Outputs; j++)
            {
                float sum = 0;
                for (int k = 0; k < inner; k++) sum += a[i * inner + k] * s[j * inner + k];
                if (sums[i * layout.Stride + j] != sum)
                    return $"{shape}, row {i}, output {j}: {sums[i * layout.Stride + j]} for {sum}";
            }
        }

        return null;
    }
}
