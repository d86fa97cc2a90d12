using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class ByteSignPackingChecks
{
    private const int MostInner = 260, Outputs = 3;
    private const float Bound = 0.5f;
    private static readonly float[] Others = [0, -0f, float.NaN, 0.50000006f, -0.49999997f, float.PositiveInfinity];
    private static readonly float[] Latent =
    [
        0, -0f, float.NaN, -float.NaN, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, float.PositiveInfinity,
        float.NegativeInfinity,
    ];
    private static readonly GuardedMemory<float> Weights = new(Outputs * MostInner);
    private static readonly GuardedMemory<sbyte> Signs = new(Outputs * ByteSignGemm.Stride(MostInner));

    public static void Run(Report report)
    {
        report.Kernel("ByteSignPacking.Pack", [Form.Dispatched], Pack);
        report.Kernel("ByteSignPacking.Pack, signs of latent weights", [Form.Dispatched], PackLatent);
    }

    private static string? Pack(Form form, Side side)
    {
        string? fault = null;
        for (int inner = 1; inner <= MostInner; inner++)
        {
            float[] values = Array.ConvertAll(
                KernelInputs.Uniform(Outputs * inner, seed: inner), value => value < 0 ? -Bound : Bound);
            Span<float> weights = Weights.Take(values, side);
            Span<sbyte> signs = Signs.Take(Outputs * ByteSignGemm.Stride(inner), side);
            signs.Fill(99);
            if (!ByteSignPacking.Pack(weights, Bound, signs, inner)) fault ??= $"{inner} inner: refused";
            fault ??= Compare.Equal(signs, Expected(values, inner), $"{inner} inner");
            for (int at = 0; at < values.Length; at += inner / 2 + 1)
            {
                weights[at] = Others[(inner + at) % Others.Length];
                if (ByteSignPacking.Pack(weights, Bound, signs, inner))
                    fault ??= $"{inner} inner: {weights[at]} at {at} passed for a sign";
                weights[at] = Bound;
            }
        }

        return fault;
    }

    // Weights near 0 and those that are no numbers, among others.
    private static string? PackLatent(Form form, Side side)
    {
        string? fault = null;
        for (int inner = 1; inner <= MostInner; inner++)
        {
            float[] values = KernelInputs.Uniform(Outputs * inner, seed: inner);
            for (int at = inner % 3; at < values.Length; at += 3) values[at] = Latent[(inner + at) % Latent.Length];
            Span<sbyte> signs = Signs.Take(Outputs * ByteSignGemm.Stride(inner), side);
            signs.Fill(99);
            ByteSignPacking.Pack(Weights.Take(values, side), Bound, signs, inner);
            fault ??= Compare.Equal(signs, Expected(values, inner), $"{inner} inner");
        }

        return fault;
    }

    // The last block holds the last 64 inputs of a row, 0 for those that the blocks before it have.
    private static sbyte[] Expected(float[] weights, int inner)
    {
        int stride = ByteSignGemm.Stride(inner), whole = inner - inner % ByteSignGemm.Block;
        sbyte[] signs = new sbyte[weights.Length / inner * stride];
        for (int i = 0; i < weights.Length; i++)
        {
            int k = i % inner, at = k < whole || inner < ByteSignGemm.Block ? k : k + stride - inner;
            signs[i / inner * stride + at] = (sbyte)(weights[i] < 0 ? -1 : 1);
        }

        return signs;
    }
}
