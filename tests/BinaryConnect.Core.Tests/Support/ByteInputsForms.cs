using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The widening of bytes in the form that a test names.</summary>
internal static class ByteInputsForms
{
    public static void Widen(Form form, ReadOnlySpan<byte> source, float scale, float shift, Span<float> destination)
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
