using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class ByteInputsChecks
{
    private static readonly GuardedMemory<byte> Source = new(256);
    private static readonly GuardedMemory<float> Destination = new(256);

    public static void Run(Report report) => report.Kernel("ByteInputs.Widen", Widen);

    // Scale and shift are powers of two: product and sum are exact, fused or not.
    private static string? Widen(Form form, Side side)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            Span<byte> source = Source.Take(length, side);
            for (int i = 0; i < length; i++) source[i] = (byte)(i * 37 + length);
            float[] expected = new float[length];
            ByteInputs.WidenScalar(source, 1f / 256, -0.5f, expected);
            Span<float> destination = Destination.Take(length, side);
            destination.Clear();
            Widen(form, source, 1f / 256, -0.5f, destination);
            fault ??= Compare.Same(destination, expected, $"length {length}");
        }

        return fault;
    }

    private static void Widen(Form form, ReadOnlySpan<byte> source, float scale, float shift, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: ByteInputs.WidenScalar(source, scale, shift, destination); break;
            case Form.Lanes128: ByteInputs.Widen<Vector128<float>, Lanes128>(source, scale, shift, destination); break;
            case Form.Lanes256: ByteInputs.Widen<Vector256<float>, Lanes256>(source, scale, shift, destination); break;
            case Form.Lanes512: ByteInputs.Widen<Vector512<float>, Lanes512>(source, scale, shift, destination); break;
            default: ByteInputs.Widen(source, scale, shift, destination); break;
        }
    }
}
