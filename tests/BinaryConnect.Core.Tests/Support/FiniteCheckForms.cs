using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The search for values that are not finite, in the form that a test names.</summary>
internal static class FiniteCheckForms
{
    public static bool All(Form form, ReadOnlySpan<float> values, float factor = 1) => form switch
    {
        Form.Scalar => FiniteCheck.AllScalar(values, factor),
        Form.Lanes128 => FiniteCheck.All<Vector128<float>, Lanes128>(values, factor),
        Form.Lanes256 => FiniteCheck.All<Vector256<float>, Lanes256>(values, factor),
        Form.Lanes512 => FiniteCheck.All<Vector512<float>, Lanes512>(values, factor),
        _ => FiniteCheck.All(values, factor),
    };
}
