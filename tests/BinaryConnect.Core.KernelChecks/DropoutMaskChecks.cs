using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class DropoutMaskChecks
{
    private const float Rate = 0.375f, Kept = 1.6f;
    private static readonly GuardedMemory<float> Values = new(256);

    public static void Run(Report report) => report.Kernel("DropoutMask.Make", Make);

    private static string? Make(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            // Eighths, so that some values are the rate itself.
            float[] expected = Array.ConvertAll(KernelInputs.Whole(length, seed: length), value => Math.Abs(value) / 8);
            Span<float> values = Values.Take(expected, side);
            DropoutMask.MakeScalar(expected, Rate, Kept);
            DropoutMaskForms.Make(form, values, Rate, Kept);
            fault ??= Compare.Same(values, expected, $"length {length}");
        }

        return fault;
    }
}
