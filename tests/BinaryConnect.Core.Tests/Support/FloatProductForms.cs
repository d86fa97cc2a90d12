using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>Both products of a dense layer in the form that a test names.</summary>
internal static class FloatProductForms
{
    /// <summary>The forms of the products of bytes, whose definition is the scalar product of the same numbers as floats.</summary>
    public static Form[] OfBytes { get; } = [Form.Lanes128, Form.Lanes256, Form.Lanes512, Form.Dispatched];

    public static void MultiplyTransposed(Form form, ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        switch (form)
        {
            case Form.Scalar: FloatProduct.MultiplyTransposedScalar(x, w, z, inner); break;
            case Form.Lanes128: FloatProduct.MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z, inner); break;
            case Form.Lanes256: FloatProduct.MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z, inner); break;
            case Form.Lanes512: FloatProduct.MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z, inner); break;
            default: FloatProduct.MultiplyTransposed(x, w, z, inner); break;
        }
    }

    public static void MultiplyTransposed(Form form, ByteRows x, ReadOnlySpan<float> w, Span<float> z)
    {
        switch (form)
        {
            case Form.Lanes128: FloatProduct.MultiplyTransposed<Vector128<float>, Lanes128>(x, w, z); break;
            case Form.Lanes256: FloatProduct.MultiplyTransposed<Vector256<float>, Lanes256>(x, w, z); break;
            case Form.Lanes512: FloatProduct.MultiplyTransposed<Vector512<float>, Lanes512>(x, w, z); break;
            default: FloatProduct.MultiplyTransposed(x, w, z); break;
        }
    }

    public static void TransposeMultiply(Form form, ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        switch (form)
        {
            case Form.Scalar: FloatProduct.TransposeMultiplyScalar(g, x, d, inner); break;
            case Form.Lanes128: FloatProduct.TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, inner); break;
            case Form.Lanes256: FloatProduct.TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, inner); break;
            case Form.Lanes512: FloatProduct.TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, inner); break;
            default: FloatProduct.TransposeMultiply(g, x, d, inner); break;
        }
    }

    public static void TransposeMultiply(Form form, ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale = 1, NextRows ahead = default)
    {
        switch (form)
        {
            case Form.Lanes128: FloatProduct.TransposeMultiply<Vector128<float>, Lanes128>(g, x, d, scale, ahead); break;
            case Form.Lanes256: FloatProduct.TransposeMultiply<Vector256<float>, Lanes256>(g, x, d, scale, ahead); break;
            case Form.Lanes512: FloatProduct.TransposeMultiply<Vector512<float>, Lanes512>(g, x, d, scale, ahead); break;
            default: FloatProduct.TransposeMultiply(g, x, d, scale, ahead); break;
        }
    }
}
