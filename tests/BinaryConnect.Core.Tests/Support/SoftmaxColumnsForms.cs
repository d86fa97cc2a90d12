using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The passes of a softmax over columns in the form that a test names.</summary>
internal static class SoftmaxColumnsForms
{
    public static void SubtractMaxima(Form form, Span<float> columns, Span<float> maxima)
    {
        switch (form)
        {
            case Form.Scalar: SoftmaxColumns.SubtractMaximaScalar(columns, maxima); break;
            case Form.Lanes128: SoftmaxColumns.SubtractMaxima<Vector128<float>, Lanes128>(columns, maxima); break;
            case Form.Lanes256: SoftmaxColumns.SubtractMaxima<Vector256<float>, Lanes256>(columns, maxima); break;
            case Form.Lanes512: SoftmaxColumns.SubtractMaxima<Vector512<float>, Lanes512>(columns, maxima); break;
            default: SoftmaxColumns.SubtractMaxima(columns, maxima); break;
        }
    }

    public static void Normalize(Form form, Span<float> columns, float share, Span<float> sums)
    {
        switch (form)
        {
            case Form.Scalar: SoftmaxColumns.NormalizeScalar(columns, share, sums); break;
            case Form.Lanes128: SoftmaxColumns.Normalize<Vector128<float>, Lanes128>(columns, share, sums); break;
            case Form.Lanes256: SoftmaxColumns.Normalize<Vector256<float>, Lanes256>(columns, share, sums); break;
            case Form.Lanes512: SoftmaxColumns.Normalize<Vector512<float>, Lanes512>(columns, share, sums); break;
            default: SoftmaxColumns.Normalize(columns, share, sums); break;
        }
    }
}
