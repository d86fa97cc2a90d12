using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Kernels.Softmax;

namespace BinaryConnect.Tests.Support;

/// <summary>The exponentials of a row in the form that a test names.</summary>
internal static class SoftmaxRowForms
{
    public static float Exponentials(Form form, ReadOnlySpan<float> row, float maximum, Span<float> exponentials) => form switch
    {
        Form.Scalar => SoftmaxRow.ExponentialsScalar(row, maximum, exponentials),
        Form.Lanes128 => SoftmaxRow.Exponentials<Vector128<float>, Lanes128>(row, maximum, exponentials),
        Form.Lanes256 => SoftmaxRow.Exponentials<Vector256<float>, Lanes256>(row, maximum, exponentials),
        Form.Lanes512 => SoftmaxRow.Exponentials<Vector512<float>, Lanes512>(row, maximum, exponentials),
        _ => SoftmaxRow.Exponentials(row, maximum, exponentials),
    };
}
