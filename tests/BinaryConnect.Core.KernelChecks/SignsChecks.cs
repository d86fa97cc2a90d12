using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SignsChecks
{
    private static readonly GuardedMemory<float> First = new(256), Second = new(256);

    public static void Run(Report report)
    {
        report.Kernel("Signs.Binarize", Binarize);
        report.Kernel("Signs.Compare", CompareSigns);
    }

    private static string? Binarize(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            float[] weights = KernelInputs.Whole(length, seed: length, bound: 2), expected = new float[length];
            Signs.BinarizeScalar(weights, 0.5f, expected);
            Span<float> destination = Second.Take(length, side);
            destination.Clear();
            SignsForms.Binarize(form, First.Take(weights, side), 0.5f, destination);
            fault ??= Compare.Same(destination, expected, $"length {length}");
        }

        return fault;
    }

    // Differences are multiples of 1/64, so every sum is exact in whatever order.
    private static string? CompareSigns(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            float[] before = Array.ConvertAll(KernelInputs.Whole(length, seed: length, bound: 3), value => value / 64);
            float[] after = Array.ConvertAll(KernelInputs.Whole(length, seed: 1_000 + length, bound: 3), value => value / 64);
            (int Flips, double L1) expected = Signs.CompareScalar(before, after);
            (int Flips, double L1) actual = SignsForms.Compare(form, First.Take(before, side), Second.Take(after, side));
            if (actual != expected) fault ??= $"length {length}: {actual} for {expected}";
        }

        return fault;
    }
}
