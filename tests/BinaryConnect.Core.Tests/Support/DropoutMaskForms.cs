using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The mask of a dropout in the form that a test names.</summary>
internal static class DropoutMaskForms
{
    public static void Make(Form form, Span<float> values, float rate, float kept)
    {
        switch (form)
        {
            case Form.Scalar: DropoutMask.MakeScalar(values, rate, kept); break;
            case Form.Lanes128: DropoutMask.Make<Vector128<float>, Lanes128>(values, rate, kept); break;
            case Form.Lanes256: DropoutMask.Make<Vector256<float>, Lanes256>(values, rate, kept); break;
            case Form.Lanes512: DropoutMask.Make<Vector512<float>, Lanes512>(values, rate, kept); break;
            default: DropoutMask.Make(values, rate, kept); break;
        }
    }
}
