using System.Runtime.InteropServices;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Models.Products;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SignPackingTests
{
    private static readonly int[] Sizes =
        [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100, 127, 128, 129, 130];

    private static readonly float[] Edges =
    [
        0, -0f, 1, -1, -0.5f, float.Epsilon, -float.Epsilon, float.NaN, -float.NaN, 0.5f,
        float.PositiveInfinity, float.NegativeInfinity, float.MinValue,
    ];

    [Test]
    public void Every_sign_has_its_bit_and_every_other_bit_is_zero([Values] Form form)
    {
        ForEveryShape((layout, weights, shape) =>
        {
            var packed = new FencedBuffer(layout.Length);

            SignPackingForms.Pack(form, weights, layout, Words(packed));

            AssertBits(Words(packed), layout, (j, k) => !(weights.Span[j * layout.Inputs + k] < 0), shape);
            packed.AssertFencesStand(shape);
        });
    }

    [Test]
    public void Every_sign_has_its_bit_in_the_transposed_too([Values] Form form)
    {
        ForEveryShape((layout, weights, shape) =>
        {
            var packed = new FencedBuffer(layout.Transposed.Length);

            SignPackingForms.PackTransposed(form, weights, layout, Words(packed));

            AssertBits(Words(packed), layout.Transposed, (k, j) => !(weights.Span[j * layout.Inputs + k] < 0), shape);
            packed.AssertFencesStand(shape);
        });
    }

    // 32 outputs of so many inputs have 2³¹ weights.
    [Test]
    public void A_word_of_outputs_may_have_any_number_of_inputs()
    {
        var layout = new SignLayout(Outputs: 2, PackedWeights.MostUnits);
        float[] weights = new float[2 * layout.Inputs];
        weights[^1] = weights[5] = -1;
        uint[] packed = new uint[layout.Length], transposed = new uint[layout.Transposed.Length];

        SignPacking.PackRows(weights, 0, layout, packed, transposed);

        Assert.That(packed[layout.IndexOf(0, 0)], Is.EqualTo(~(1u << 5)));
        Assert.That(packed[layout.IndexOf(1, layout.Words - 1)], Is.EqualTo(~(1u << 31)));
        Assert.That(transposed[layout.Transposed.IndexOf(5, 0)], Is.EqualTo(0b10));
        Assert.That(transposed[layout.Transposed.IndexOf(layout.Inputs - 1, 0)], Is.EqualTo(0b01));
        Assert.That(transposed[layout.Transposed.IndexOf(6, 0)], Is.EqualTo(0b11));
    }

    [Test]
    public void Outputs_packed_part_by_part_give_the_bits_of_all_at_once([Values] Form form, [Values(32, 96)] int part)
    {
        ForEveryShape((layout, weights, shape) =>
        {
            FencedBuffer packed = new(layout.Length), transposed = new(layout.Transposed.Length);
            packed.Span.Clear();
            transposed.Span.Clear();

            SignPackingForms.PackRows(form, weights, part, layout, Words(packed), Words(transposed));

            AssertBits(Words(packed), layout, (j, k) => !(weights.Span[j * layout.Inputs + k] < 0), shape);
            AssertBits(Words(transposed), layout.Transposed, (k, j) => !(weights.Span[j * layout.Inputs + k] < 0), shape);
            packed.AssertFencesStand(shape);
            transposed.AssertFencesStand(shape);
        });
    }

    [Test]
    public void Unpacked_they_are_plus_or_minus_the_bound()
    {
        ForEveryShape((layout, weights, shape) =>
        {
            var unpacked = new FencedBuffer(weights.Span.Length);
            uint[] packed = new uint[layout.Length];
            SignPacking.Pack(weights, layout, packed);

            SignPacking.Unpack(packed, layout, 0.75f, unpacked);

            float[] expected = Array.ConvertAll(weights.Span.ToArray(), weight => weight < 0 ? -0.75f : 0.75f);
            if (!unpacked.Span.SequenceEqual(expected)) Assert.Fail(shape);
            unpacked.AssertFencesStand(shape);
        });
    }

    [Test]
    public void Both_zeros_and_NaN_are_positive_in_every_lane([Values] Form form)
    {
        var layout = new SignLayout(70, 70);
        float[] weights = new float[70 * 70];
        for (int i = 0; i < weights.Length; i++) weights[i] = Edges[i % Edges.Length];
        uint[] packed = new uint[layout.Length];

        SignPackingForms.Pack(form, weights, layout, packed);
        AssertBits(packed, layout, (j, k) => Positive(j * 70 + k), "as given");
        SignPackingForms.PackTransposed(form, weights, layout, packed);
        AssertBits(packed, layout, (k, j) => Positive(j * 70 + k), "transposed");

        static bool Positive(int i) =>
            Edges[i % Edges.Length] is not (-1 or -0.5f or -float.Epsilon or float.NegativeInfinity or float.MinValue);
    }

    [Test]
    public void Nothing_is_allocated()
    {
        var layout = new SignLayout(65, 70);
        float[] weights = KernelInputs.Uniform(65 * 70, seed: 1);
        uint[] packed = new uint[Math.Max(layout.Length, layout.Transposed.Length)];

        Assert.That(Allocations.OfSecondCall(() => SignPacking.Pack(weights, layout, packed)), Is.Zero);
        Assert.That(Allocations.OfSecondCall(() => SignPacking.PackTransposed(weights, layout, packed)), Is.Zero);
    }

    [TestCase(1, 1, 64 + 1)]
    [TestCase(64, 32, 64 + 1)]
    [TestCase(65, 33, 2 * 2 * 64 + 1)]
    [TestCase(1024, 784, 16 * 25 * 64 + 1)]
    public void A_layout_has_whole_tiles_and_a_word_more(int outputs, int inputs, int expected) =>
        Assert.That(new SignLayout(outputs, inputs).Length, Is.EqualTo(expected));

    private static void ForEveryShape(Action<SignLayout, FencedBuffer, string> check)
    {
        foreach (int outputs in Sizes)
        {
            foreach (int inputs in Sizes)
            {
                var weights = new FencedBuffer(KernelInputs.Uniform(outputs * inputs, seed: outputs * 1_000 + inputs));
                check(new SignLayout(outputs, inputs), weights, $"{outputs} outputs, {inputs} inputs");
            }
        }
    }

    private static void AssertBits(ReadOnlySpan<uint> packed, SignLayout layout, Func<int, int, bool> positive, string shape)
    {
        uint[] expected = new uint[layout.Length];
        for (int j = 0; j < layout.Outputs; j++)
        {
            for (int k = 0; k < layout.Inputs; k++)
            {
                if (positive(j, k)) expected[(j / 64 * ((layout.Inputs + 31) / 32) + k / 32) * 64 + j % 64] |= 1u << k % 32;
            }
        }

        if (!packed[..layout.Length].SequenceEqual(expected)) Assert.Fail(shape);
    }

    private static Span<uint> Words(FencedBuffer buffer) => MemoryMarshal.Cast<float, uint>(buffer.Span);
}
