using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The loops over signs in the form that a test names.</summary>
internal static class SignsForms
{
    public static void Binarize(Form form, ReadOnlySpan<float> weights, float bound, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: Signs.BinarizeScalar(weights, bound, destination); break;
            case Form.Lanes128: Signs.Binarize<Vector128<float>, Lanes128>(weights, bound, destination); break;
            case Form.Lanes256: Signs.Binarize<Vector256<float>, Lanes256>(weights, bound, destination); break;
            case Form.Lanes512: Signs.Binarize<Vector512<float>, Lanes512>(weights, bound, destination); break;
            default: Signs.Binarize(weights, bound, destination); break;
        }
    }

    public static (int Flips, double L1) Compare(Form form, ReadOnlySpan<float> before, ReadOnlySpan<float> after) => form switch
    {
        Form.Scalar => Signs.CompareScalar(before, after),
        Form.Lanes128 => Signs.Compare<Vector128<float>, Lanes128>(before, after),
        Form.Lanes256 => Signs.Compare<Vector256<float>, Lanes256>(before, after),
        Form.Lanes512 => Signs.Compare<Vector512<float>, Lanes512>(before, after),
        _ => Signs.Compare(before, after),
    };
}
