using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SignPackingChecks
{
    private static readonly int[] Sizes = [1, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128, 130];
    private static readonly GuardedMemory<float> Weights = new(130 * 130);
    private static readonly GuardedMemory<uint> Packed = new(new SignLayout(130, 130).Length);
    private static readonly GuardedMemory<uint> Transposed = new(new SignLayout(130, 130).Length);

    private delegate void Packing(ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed);

    public static void Run(Report report)
    {
        report.Kernel("SignPacking.Pack", (form, side) => EveryShape(
            side, layout => layout.Length, (weights, layout, packed) => SignPackingForms.Pack(form, weights, layout, packed),
            SignPacking.PackScalar));
        report.Kernel("SignPacking.PackTransposed", (form, side) => EveryShape(
            side, layout => layout.Transposed.Length,
            (weights, layout, packed) => SignPackingForms.PackTransposed(form, weights, layout, packed),
            SignPacking.PackTransposedScalar));
        report.Kernel("SignPacking.PackRows", EveryShapeInParts);
    }

    // All bits are set before, so that a bit that packing does not write shows.
    private static string? EveryShape(Side side, Func<SignLayout, int> length, Packing pack, Packing scalar)
    {
        string? fault = null;
        foreach (int outputs in Sizes)
        {
            foreach (int inputs in Sizes)
            {
                var layout = new SignLayout(outputs, inputs);
                float[] weights = KernelInputs.Whole(outputs * inputs, seed: outputs + inputs, bound: 2);
                uint[] expected = new uint[length(layout)];
                Span<uint> packed = Packed.Take(expected.Length, side);
                packed.Fill(uint.MaxValue);
                pack(Weights.Take(weights, side), layout, packed);
                scalar(weights, layout, expected);
                fault ??= Compare.Equal(packed, expected, $"{outputs} outputs, {inputs} inputs");
            }
        }

        return fault;
    }

    private static string? EveryShapeInParts(Form form, Side side)
    {
        string? fault = null;
        foreach (int outputs in Sizes)
        {
            foreach (int inputs in Sizes)
            {
                var layout = new SignLayout(outputs, inputs);
                float[] weights = KernelInputs.Whole(outputs * inputs, seed: outputs + inputs, bound: 2);
                uint[] expected = new uint[layout.Length], expectedTransposed = new uint[layout.Transposed.Length];
                Span<uint> packed = Packed.Take(expected.Length, side);
                Span<uint> transposed = Transposed.Take(expectedTransposed.Length, side);
                packed.Clear();
                transposed.Clear();
                SignPackingForms.PackRows(form, Weights.Take(weights, side), SignLayout.WordInputs, layout, packed, transposed);
                SignPacking.PackScalar(weights, layout, expected);
                SignPacking.PackTransposedScalar(weights, layout, expectedTransposed);
                fault ??= Compare.Equal(packed, expected, $"{outputs} outputs, {inputs} inputs");
                fault ??= Compare.Equal(transposed, expectedTransposed, $"{outputs} outputs, {inputs} inputs, transposed");
                if (form != Form.Dispatched) continue;
                transposed.Clear();
                for (int first = 0; first < outputs; first += SignLayout.WordInputs)
                {
                    float[] rows = weights[(first * inputs)..(Math.Min(first + SignLayout.WordInputs, outputs) * inputs)];
                    SignPacking.PackTransposedRows(Weights.Take(rows, side), first, layout, transposed);
                }

                fault ??= Compare.Equal(transposed, expectedTransposed, $"{outputs} outputs, {inputs} inputs, transposed alone");
            }
        }

        return fault;
    }
}
