using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>Both products of a dense layer in the form that a test names.</summary>
internal static class NarrowGemmForms
{
    /// <summary>
    /// The forms of the products of bytes. Their definition is the scalar product of the same numbers as floats.
    /// </summary>
    public static Form[] OfBytes { get; } = [Form.Lanes128, Form.Lanes256, Form.Lanes512, Form.Dispatched];

    public static void MultiplyTransposed(Form form, ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        switch (form)
        {
            case Form.Scalar: NarrowGemm.MultiplyTransposedScalar(x, w, z, inner); break;
            case Form.Lanes128: NarrowGemm.MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z, inner); break;
            case Form.Lanes256: NarrowGemm.MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z, inner); break;
            case Form.Lanes512: NarrowGemm.MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z, inner); break;
            default: NarrowGemm.MultiplyTransposed(x, w, z, inner); break;
        }
    }

    public static void MultiplyTransposed(Form form, ByteRows x, ReadOnlySpan<float> w, Span<float> z)
    {
        switch (form)
        {
            case Form.Lanes128: NarrowGemm.MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z); break;
            case Form.Lanes256: NarrowGemm.MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z); break;
            case Form.Lanes512: NarrowGemm.MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z); break;
            default: NarrowGemm.MultiplyTransposed(x, w, z); break;
        }
    }

    public static void TransposeMultiply(Form form, ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        switch (form)
        {
            case Form.Scalar: NarrowGemm.TransposeMultiplyScalar(g, x, d, inner); break;
            case Form.Lanes128: NarrowGemm.TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, inner); break;
            case Form.Lanes256: NarrowGemm.TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, inner); break;
            case Form.Lanes512: NarrowGemm.TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, inner); break;
            default: NarrowGemm.TransposeMultiply(g, x, d, inner); break;
        }
    }

    public static void TransposeMultiply(
        Form form, ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale = 1, NextBatchRows ahead = default)
    {
        switch (form)
        {
            case Form.Lanes128: NarrowGemm.TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, scale, ahead); break;
            case Form.Lanes256: NarrowGemm.TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, scale, ahead); break;
            case Form.Lanes512: NarrowGemm.TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, scale, ahead); break;
            default: NarrowGemm.TransposeMultiply(g, x, d, scale, ahead); break;
        }
    }
}
