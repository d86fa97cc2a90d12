using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The widening of bytes in the form that a test names.</summary>
internal static class ByteToFloatForms
{
    public static void Widen(Form form, ReadOnlySpan<byte> source, float scale, float shift, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: ByteToFloat.WidenScalar(source, scale, shift, destination); break;
            case Form.Lanes128: ByteToFloat.Widen<Vector128<float>, Lanes128>(source, scale, shift, destination); break;
            case Form.Lanes256: ByteToFloat.Widen<Vector256<float>, Lanes256>(source, scale, shift, destination); break;
            case Form.Lanes512: ByteToFloat.Widen<Vector512<float>, Lanes512>(source, scale, shift, destination); break;
            default: ByteToFloat.Widen(source, scale, shift, destination); break;
        }
    }
}
