using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The search for what is not finite in the form that a test names.</summary>
internal static class FiniteForms
{
    public static bool All(Form form, ReadOnlySpan<float> values, float factor = 1) => form switch
    {
        Form.Scalar => Finite.AllScalar(values, factor),
        Form.Lanes128 => Finite.All<Vector128<float>, Lanes128>(values, factor),
        Form.Lanes256 => Finite.All<Vector256<float>, Lanes256>(values, factor),
        Form.Lanes512 => Finite.All<Vector512<float>, Lanes512>(values, factor),
        _ => Finite.All(values, factor),
    };
}
