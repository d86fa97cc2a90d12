using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Groups of six and of eight made from words of 32, against those that come from single bits.</summary>
internal static class BitRegroupingChecks
{
    private const int MostInputs = 200, MostOutputs = 332;
    private static readonly int[] Inputs = [1, 5, 6, 7, 31, 32, 33, 63, 64, 65, 96, 192, MostInputs];
    private static readonly int[] Outputs = [1, 15, 16, 17, 63, 64, 65, 128, 256, MostOutputs];
    private static readonly GuardedMemory<uint> Words = new(new SignLayout(MostOutputs, MostInputs).Length);
    private static readonly GuardedMemory<byte> Groups = new(new BitLayout(MostOutputs, MostInputs, 6).Length);

    public static void Run(Report report) =>
        report.Kernel("BitRegrouping.Regroup", [Form.Scalar, Form.Dispatched], EveryShape);

    private static string? EveryShape(Form form, Side side)
    {
        string? fault = null;
        foreach (int inputs in Inputs)
        {
            foreach (int outputs in Outputs)
            {
                foreach (int groupInputs in (int[])[6, 8])
                    fault ??= Shape(form, side, new BitLayout(outputs, inputs, groupInputs));
            }
        }

        return fault;
    }

    private static string? Shape(Form form, Side side, BitLayout layout)
    {
        int outputs = layout.Outputs, inputs = layout.Inputs;
        float[] weights = KernelInputs.Whole(outputs * inputs, seed: outputs + inputs);
        var packing = new SignLayout(outputs, inputs);
        uint[] packed = new uint[packing.Length];
        SignPacking.PackScalar(weights, packing, packed);
        int stride = (inputs + 7) / 8;
        byte[] bits = new byte[outputs * stride], expected = new byte[layout.Length];
        for (int j = 0; j < outputs; j++)
            BitPacking.PackSigns(weights.AsSpan(j * inputs, inputs), bits.AsSpan(j * stride, stride));
        BitPacking.PackOutputs(bits, layout, expected);

        // All words but the one that follows the tiles.
        Span<uint> words = Words.Take(packed.AsSpan(0, packed.Length - 1), side);
        Span<byte> groups = Groups.Take(layout.Length, side);
        groups.Clear();
        for (int first = 0; first < outputs; first += SignLayout.WordInputs)
        {
            int end = Math.Min(first + SignLayout.WordInputs, outputs);
            if (form == Form.Scalar) BitRegrouping.RegroupScalar(words, layout, first, end, groups);
            else BitRegrouping.Regroup(words, layout, first, end, groups);
        }

        return Compare.Equal<byte>(groups, expected, $"{outputs} outputs, {inputs} inputs, groups of {layout.GroupInputs}");
    }
}
