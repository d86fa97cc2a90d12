using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SignGemmTests
{
    private const int MostRows = 70;
    private static readonly int[] Rows = [1, 2, 3, 4, 5, 9, 31, 32, 33, 36, MostRows];
    private static readonly int[] Outputs = [1, 2, 10, 16, 17, 63, 64, 65, 100, 127, 128, 129, 130];
    private static readonly int[] Inputs = [1, 2, 3, 4, 5, 8, 17, 31, 32, 33, 63, 64, 65, 95, 127, 130, 784, 1024];

    // Small whole numbers and a bound that is a power of two: every sum is exact whatever its order.
    [Test]
    public void Sums_of_whole_numbers_are_exact_for_every_shape([Values] Form form)
    {
        IgnoreUnlessSupported(form);
        foreach (int inputs in Inputs)
        {
            foreach (int outputs in Outputs)
            {
                var layout = new SignLayout(outputs, inputs);
                float[] weights = Array.ConvertAll(
                    KernelInputs.Uniform(outputs * inputs, seed: outputs), weight => weight < 0 ? -0.5f : 0.5f);
                FencedBuffer signs = Packed(weights, layout);
                float[] all = KernelInputs.Whole(MostRows * inputs, seed: inputs);
                float[] expected = new float[MostRows * outputs];
                NarrowGemm.MultiplyTransposed(all, weights, expected, inputs);
                foreach (int rows in Rows)
                {
                    string shape = $"{rows} rows, {outputs} outputs, {inputs} inputs";
                    var x = new FencedBuffer(all.AsSpan(0, rows * inputs));
                    var z = new FencedBuffer(rows * outputs);
                    var work = new FencedBuffer(SignGemm.WorkLength(layout));

                    SignGemmForms.Multiply(form, x, Words(signs), layout, 0.5f, z, work);

                    if (!z.Span.SequenceEqual(expected.AsSpan(0, rows * outputs))) Assert.Fail(shape);
                    z.AssertFencesStand(shape);
                    work.AssertFencesStand(shape);
                }
            }
        }
    }

    [Test]
    public void Sums_of_fractions_are_off_by_no_more_than_the_documentation_says([Values] Form form)
    {
        IgnoreUnlessSupported(form);
        const int Count = 37, Columns = 70;
        const float Bound = 0.3f;
        foreach (int inputs in Inputs)
        {
            var layout = new SignLayout(Columns, inputs);
            float[] x = KernelInputs.Uniform(Count * inputs, seed: 1);
            float[] weights = KernelInputs.Uniform(Columns * inputs, seed: 2), z = new float[Count * Columns];

            SignGemmForms.Multiply(
                form, x, Words(Packed(weights, layout)), layout, Bound, z, new float[SignGemm.WorkLength(layout)]);

            double roundings = AddsByFours(form) ? inputs / 4.0 + 2 : inputs;
            for (int i = 0; i < Count; i++)
            {
                double magnitude = Bound * x.Skip(i * inputs).Take(inputs).Sum(value => Math.Abs((double)value));
                for (int j = 0; j < Columns; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < inputs; k++) sum += weights[j * inputs + k] < 0 ? -x[i * inputs + k] : x[i * inputs + k];
                    double error = Math.Abs(z[i * Columns + j] - Bound * sum);
                    if (!(error <= roundings * Math.ScaleB(magnitude, -24)))
                        Assert.Fail($"{inputs} inputs, [{i}, {j}]: off by {error}");
                }
            }
        }
    }

    // 0, −0 and values that are not finite give the results of the float product.
    [Test]
    public void Inputs_that_are_not_finite_reach_the_sums([Values] Form form)
    {
        IgnoreUnlessSupported(form);
        const int Count = 38, Columns = 130, Length = 37;
        var layout = new SignLayout(Columns, Length);
        float[] weights = Array.ConvertAll(KernelInputs.Uniform(Columns * Length, seed: 3), weight => weight < 0 ? -1f : 1f);
        foreach (float[] values in new float[][]
        {
            [float.NaN], [float.PositiveInfinity], [float.NegativeInfinity, float.PositiveInfinity], [-0f],
        })
        {
            float[] x = new float[Count * Length], z = new float[Count * Columns], expected = new float[Count * Columns];
            for (int i = 0; i < Count; i++) values.CopyTo(x, i * Length + 7 * i % (Length - 1));
            NarrowGemm.MultiplyTransposedScalar(x, weights, expected, Length);

            SignGemmForms.Multiply(form, x, Words(Packed(weights, layout)), layout, 1, z, new float[SignGemm.WorkLength(layout)]);

            Assert.That(z, Is.EqualTo(expected), string.Join(", ", values));
        }
    }

    [Test]
    public void A_rows_results_depend_neither_on_other_rows_nor_on_the_split([Values] Form form)
    {
        IgnoreUnlessSupported(form);
        const int Count = 70, Columns = 300, Length = 100;
        var layout = new SignLayout(Columns, Length);
        float[] x = KernelInputs.Uniform(Count * Length, seed: 4), together = new float[Count * Columns];
        float[] work = new float[SignGemm.WorkLength(layout)];
        Span<uint> signs = Words(Packed(KernelInputs.Uniform(Columns * Length, seed: 5), layout));
        SignGemmForms.Multiply(form, x, signs, layout, 0.7f, together, work);

        for (int tile = 0; tile <= layout.Tiles; tile++)
        {
            float[] split = new float[Count * Columns];
            SignGemmForms.Multiply(form, x, signs, layout, 0.7f, split, work, 0, tile);
            Assert.That(
                split.Select((value, i) => i % Columns < tile * 64 || value == 0), Is.All.True,
                $"tiles from {tile} on are left alone");
            SignGemmForms.Multiply(form, x, signs, layout, 0.7f, split, work, tile, layout.Tiles);
            Assert.That(Numbers.Bits(split), Is.EqualTo(Numbers.Bits(together)), $"split at {tile}");
        }

        for (int i = 0; i < Count; i++)
        {
            float[] alone = new float[Columns];
            SignGemmForms.Multiply(form, x.AsSpan(i * Length, Length), signs, layout, 0.7f, alone, work);
            Assert.That(Numbers.Bits(alone), Is.EqualTo(Numbers.Bits(together.AsSpan(i * Columns, Columns))), $"row {i}");
        }
    }

    [Test]
    public void All_widths_give_the_same_bits([Values(Form.Lanes256, Form.Lanes512, Form.Dispatched)] Form form)
    {
        IgnoreUnlessSupported(form);
        if (!Vector128.IsHardwareAccelerated) Assert.Ignore("This machine has no registers.");
        var layout = new SignLayout(200, 333);
        float[] x = KernelInputs.Uniform(71 * 333, seed: 6), narrow = new float[71 * 200], wide = new float[71 * 200];
        float[] work = new float[SignGemm.WorkLength(layout)];
        Span<uint> signs = Words(Packed(KernelInputs.Uniform(200 * 333, seed: 7), layout));

        SignGemmForms.Multiply(Form.Lanes128, x, signs, layout, 0.1f, narrow, work);
        SignGemmForms.Multiply(form, x, signs, layout, 0.1f, wide, work);

        Assert.That(Numbers.Bits(narrow), Is.EqualTo(Numbers.Bits(wide)));
    }

    // G·W: the inner index runs over the outputs of the layer.
    [Test]
    public void The_transposed_signs_serve_the_product_of_gradients_and_weights()
    {
        const int Count = 38, Columns = 45, Length = 70;
        var layout = new SignLayout(Columns, Length);
        float[] weights = Array.ConvertAll(KernelInputs.Uniform(Columns * Length, seed: 8), weight => weight < 0 ? -1f : 1f);
        float[] gradient = KernelInputs.Whole(Count * Columns, seed: 9), result = new float[Count * Length];
        float[] expected = new float[Count * Length];
        uint[] signs = new uint[layout.Transposed.Length];
        SignPacking.PackTransposed(weights, layout, signs);

        SignGemm.Multiply(gradient, signs, layout.Transposed, 1, result, new float[SignGemm.WorkLength(layout.Transposed)]);

        for (int i = 0; i < Count; i++)
        {
            for (int k = 0; k < Length; k++)
            {
                for (int j = 0; j < Columns; j++) expected[i * Length + k] += gradient[i * Columns + j] * weights[j * Length + k];
            }
        }

        Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public void Nothing_is_allocated([Values] Form form)
    {
        IgnoreUnlessSupported(form);
        var layout = new SignLayout(130, 70);
        float[] x = new float[37 * 70], z = new float[37 * 130], work = new float[SignGemm.WorkLength(layout)];
        uint[] signs = new uint[layout.Length];

        Assert.That(Allocations.OfSecondCall(() => SignGemmForms.Multiply(form, x, signs, layout, 1, z, work)), Is.Zero);
    }

    private static bool AddsByFours(Form form) =>
        form != Form.Scalar && (form != Form.Dispatched || Vector128.IsHardwareAccelerated);

    private static void IgnoreUnlessSupported(Form form)
    {
        if (!SignGemmForms.Supported.Contains(form)) Assert.Ignore($"This machine has no {form} lookups.");
    }

    // Fences surround the packed words as well as the floats; a bit that is read from a fence makes a sum wrong.
    private static FencedBuffer Packed(float[] weights, SignLayout layout)
    {
        var packed = new FencedBuffer(layout.Length);
        SignPacking.Pack(weights, layout, Words(packed));
        return packed;
    }

    private static Span<uint> Words(FencedBuffer buffer) => MemoryMarshal.Cast<float, uint>(buffer.Span);
}
