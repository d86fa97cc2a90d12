using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// ±1 times ±1 against products one by one: ragged shapes, largest sums, and more inputs than 16-bit sums hold.
/// </summary>
internal static class BitGemmChecks
{
    private const int MostInner = 700, MostOutputs = 832, MostRows = 9, ManyInner = 140_003, ManyRows = 5;

    private static readonly int[] Inners =
        [1, 5, 6, 7, 8, 9, 47, 48, 49, 63, 64, 126, 127, 247, 248, 249, 252, 253, 256, 640, MostInner];

    private static readonly int[] Rows = [0, 1, 3, 4, 5, MostRows];
    private static readonly int[] Outputs = [1, 63, 64, 65, 256, 257, 330, 512, 769, MostOutputs];
    private static readonly int MostBytes = Math.Max(
        new BitLayout(MostOutputs, MostInner, 6).Length, new BitLayout(1, ManyInner, 6).Length);

    private static readonly GuardedMemory<byte> Inputs = new(ManyRows * new BitLayout(1, ManyInner, 6).Groups);
    private static readonly GuardedMemory<byte> Signs = new(MostBytes);
    private static readonly GuardedMemory<byte> Bits = new((ManyInner + 7) / 8);
    private static readonly GuardedMemory<float> Values = new(ManyInner);
    private static readonly GuardedMemory<int> Sums = new(MostRows * MostOutputs);

    public static void Run(Report report)
    {
        report.Kernel("BitGemm.Multiply", BitGemmForms.Supported, EveryShape);
        report.Kernel("BitGemm.Multiply, all signs equal", BitGemmForms.Supported, AllEqual);
        report.Kernel("BitGemm.Multiply, many inputs", BitGemmForms.Supported, ManyInputs);
        foreach (int groupInputs in (int[])[6, 8])
            report.Count($"BitGemm.MultiplyScalar, {groupInputs}", Definition(groupInputs));
    }

    private static string? EveryShape(Form form, Side side)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            float[] a = SignsOf(MostRows * inner, seed: inner), s = SignsOf(MostOutputs * inner, seed: inner + 1);
            int[] expected = OneByOne(a, s, inner);
            foreach (int outputs in Outputs)
            {
                BitLayout layout = BitGemmForms.Layout(form, outputs, inner);
                Span<byte> signs = Pack(s, layout, side);
                foreach (int rows in Rows) fault ??= Product(form, a, signs, layout, rows, expected, side);
            }
        }

        return fault;
    }

    // All inputs agree with all signs, or none does.
    private static string? AllEqual(Form form, Side side)
    {
        float[] plus = new float[MostOutputs * MostInner], minus = new float[MostOutputs * MostInner];
        Array.Fill(plus, 1);
        Array.Fill(minus, -1);
        string? fault = null;
        foreach ((float[] a, float[] s) in new[] { (plus, plus), (plus, minus), (minus, minus) })
        {
            BitLayout layout = BitGemmForms.Layout(form, MostOutputs, MostInner);
            int[] expected = new int[MostRows * MostOutputs];
            Array.Fill(expected, ReferenceEquals(a, s) ? MostInner : -MostInner);
            fault ??= Product(form, a, Pack(s, layout, side), layout, MostRows, expected, side);
        }

        return fault;
    }

    private static string? ManyInputs(Form form, Side side)
    {
        float[] a = SignsOf(ManyRows * ManyInner, seed: 3), s = SignsOf(ManyInner, seed: 4);
        for (int k = 0; k < ManyInner; k++) a[ManyInner + k] = -s[k];
        BitLayout layout = BitGemmForms.Layout(form, 1, ManyInner);
        int[] expected = OneByOne(a, s, ManyInner);
        Span<byte> signs = Pack(s, layout, side);
        return Product(form, a, signs, layout, ManyRows, expected, side) ?? Product(form, a, signs, layout, 1, expected, side);
    }

    private static string? Definition(int groupInputs)
    {
        const int Inner = 65, Most = 300;
        float[] a = SignsOf(MostRows * Inner, seed: 5), s = SignsOf(Most * Inner, seed: 6);
        var layout = new BitLayout(Most, Inner, groupInputs);
        Span<byte> inputs = PackInputs(a, layout, MostRows, Side.End), signs = Pack(s, layout, Side.End);
        Span<int> sums = Sums.Take(MostRows * layout.Stride, Side.End);
        BitGemm.MultiplyScalar(inputs, signs, layout, sums);
        return Differ(sums, OneByOne(a, s, Inner), a, layout, $"{groupInputs} inputs of a group");
    }

    private static float[] SignsOf(int length, int seed) =>
        Array.ConvertAll(KernelInputs.Whole(length, seed), value => value < 0 ? -1f : 1);

    private static Span<byte> Pack(float[] s, BitLayout layout, Side side)
    {
        int inner = layout.Inputs, stride = (inner + 7) / 8;
        byte[] bits = new byte[layout.Outputs * stride];
        for (int j = 0; j < layout.Outputs; j++)
            BitPacking.PackSigns(s.AsSpan(j * inner, inner), bits.AsSpan(j * stride, stride));
        Span<byte> signs = Signs.Take(layout.Length, side);
        signs.Fill(byte.MaxValue);
        BitPacking.PackOutputs(bits, layout, signs);
        return signs;
    }

    private static Span<byte> PackInputs(float[] a, BitLayout layout, int rows, Side side)
    {
        int inner = layout.Inputs;
        Span<byte> inputs = Inputs.Take(rows * layout.Groups, side), bits = Bits.Take((inner + 7) / 8, side);
        for (int i = 0; i < rows; i++)
        {
            bits.Fill(byte.MaxValue);
            if (!BitPacking.PackSigns(Values.Take(a.AsSpan(i * inner, inner), side), bits))
                throw new InvalidOperationException("Signs were refused.");
            BitPacking.PackRow(bits, layout, inputs.Slice(i * layout.Groups, layout.Groups));
        }

        return inputs;
    }

    private static string? Product(
        Form form, float[] a, Span<byte> signs, BitLayout layout, int rows, int[] expected, Side side)
    {
        Span<int> sums = Sums.Take(rows * layout.Stride, side);
        sums.Fill(int.MinValue);
        BitGemmForms.Multiply(form, PackInputs(a, layout, rows, side), signs, layout, sums);
        return Differ(sums, expected, a, layout, $"{rows} rows, {layout.Outputs} outputs, {layout.Inputs} inner");
    }

    // Sums past the last output are those of signs −1.
    private static string? Differ(ReadOnlySpan<int> sums, int[] expected, float[] a, BitLayout layout, string shape)
    {
        int all = expected.Length / Math.Min(MostRows, a.Length / layout.Inputs);
        for (int i = 0; i < sums.Length / layout.Stride; i++)
        {
            ReadOnlySpan<int> row = sums.Slice(i * layout.Stride, layout.Stride);
            int[] past = new int[layout.Stride - layout.Outputs];
            Array.Fill(past, -(int)a.AsSpan(i * layout.Inputs, layout.Inputs).ToArray().Sum());
            string? fault = Compare.Equal(row[..layout.Outputs], expected.AsSpan(i * all, layout.Outputs), $"{shape}, row {i}")
                ?? Compare.Equal<int>(row[layout.Outputs..], past, $"{shape}, row {i}, past the last output");
            if (fault is not null) return fault;
        }

        return null;
    }

    private static int[] OneByOne(float[] a, float[] s, int inner)
    {
        int rows = a.Length / inner, outputs = s.Length / inner;
        int[] sums = new int[rows * outputs];
        for (int i = 0; i < sums.Length; i++)
            for (int k = 0; k < inner; k++) sums[i] += (int)(a[i / outputs * inner + k] * s[i % outputs * inner + k]);
        return sums;
    }
}
