using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SignBytesChecks
{
    private const int MostInner = 260, Outputs = 3;
    private const float Bound = 0.5f;
    private static readonly GuardedMemory<float> Weights = new(Outputs * MostInner);
    private static readonly GuardedMemory<sbyte> Signs = new(Outputs * ByteProduct.Stride(MostInner));

    public static void Run(Report report) => report.Kernel("SignBytes.TryPack", [Form.Dispatched], TryPack);

    private static string? TryPack(Form form, Side side)
    {
        string? fault = null;
        for (int inner = 1; inner <= MostInner; inner++)
        {
            float[] values = Array.ConvertAll(KernelInputs.Uniform(Outputs * inner, seed: inner), value => value < 0 ? -Bound : Bound);
            Span<float> weights = Weights.Take(values, side);
            Span<sbyte> signs = Signs.Take(Outputs * ByteProduct.Stride(inner), side);
            signs.Fill(99);
            if (!SignBytes.TryPack(weights, Bound, signs, inner)) fault ??= $"{inner} inner: refused";
            fault ??= Compare.Equal(signs, Expected(values, inner), $"{inner} inner");
            for (int at = 0; at < values.Length; at += inner / 2 + 1)
            {
                weights[at] = 0;
                if (SignBytes.TryPack(weights, Bound, signs, inner)) fault ??= $"{inner} inner: 0 at {at} passed for a sign";
                weights[at] = Bound;
            }
        }

        return fault;
    }

    // The last block holds the last 64 inputs of a row, 0 for those that the blocks before it have.
    private static sbyte[] Expected(float[] weights, int inner)
    {
        int stride = ByteProduct.Stride(inner), whole = inner - inner % ByteProduct.Block;
        sbyte[] signs = new sbyte[weights.Length / inner * stride];
        for (int i = 0; i < weights.Length; i++)
        {
            int k = i % inner, at = k < whole || inner < ByteProduct.Block ? k : k + stride - inner;
            signs[i / inner * stride + at] = (sbyte)(weights[i] < 0 ? -1 : 1);
        }

        return signs;
    }
}
