using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The softmax over columns in the form that a test names.</summary>
internal static class SoftmaxColumnsForms
{
    public static void Run(Form form, Span<float> columns, float share, Span<float> maxima, Span<float> sums)
    {
        switch (form)
        {
            case Form.Scalar: SoftmaxColumns.RunScalar(columns, share, maxima, sums); break;
            case Form.Lanes128: SoftmaxColumns.Run<Vector128<float>, Lanes128>(columns, share, maxima, sums); break;
            case Form.Lanes256: SoftmaxColumns.Run<Vector256<float>, Lanes256>(columns, share, maxima, sums); break;
            case Form.Lanes512: SoftmaxColumns.Run<Vector512<float>, Lanes512>(columns, share, maxima, sums); break;
            default: SoftmaxColumns.Run(columns, share, maxima, sums); break;
        }
    }
}
