using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class ByteToFloatChecks
{
    private static readonly GuardedMemory<byte> Source = new(256);
    private static readonly GuardedMemory<float> Destination = new(256);

    public static void Run(Report report) => report.Kernel("ByteToFloat.Widen", Widen);

    // Scale and shift are powers of two: product and sum are exact, fused or not.
    private static string? Widen(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            Span<byte> source = Source.Take(length, side);
            for (int i = 0; i < length; i++) source[i] = (byte)(i * 37 + length);
            float[] expected = new float[length];
            ByteToFloat.WidenScalar(source, 1f / 256, -0.5f, expected);
            Span<float> destination = Destination.Take(length, side);
            destination.Clear();
            ByteToFloatForms.Widen(form, source, 1f / 256, -0.5f, destination);
            fault ??= Compare.Same(destination, expected, $"length {length}");
        }

        return fault;
    }
}
