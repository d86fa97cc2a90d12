using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Kernels.Softmax;

namespace BinaryConnect.Tests.Support;

/// <summary>The softmax over columns in the form that a test names.</summary>
internal static class SoftmaxColumnsForms
{
    public static void Run(Form form, Span<float> columns, float factor, Span<float> maxima, Span<float> sums)
    {
        switch (form)
        {
            case Form.Scalar: SoftmaxColumns.RunScalar(columns, factor, maxima, sums); break;
            case Form.Lanes128: SoftmaxColumns.Run<Vector128<float>, Lanes128>(columns, factor, maxima, sums); break;
            case Form.Lanes256: SoftmaxColumns.Run<Vector256<float>, Lanes256>(columns, factor, maxima, sums); break;
            case Form.Lanes512: SoftmaxColumns.Run<Vector512<float>, Lanes512>(columns, factor, maxima, sums); break;
            default: SoftmaxColumns.Run(columns, factor, maxima, sums); break;
        }
    }
}
