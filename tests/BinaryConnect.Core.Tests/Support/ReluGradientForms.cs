using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The gradient of a rectifier in the form that a test names.</summary>
internal static class ReluGradientForms
{
    public static void Gate(Form form, ReadOnlySpan<float> gradient, ReadOnlySpan<float> outputs, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: ReluGradient.GateScalar(gradient, outputs, destination); break;
            case Form.Lanes128: ReluGradient.Gate<Vector128<float>, Lanes128>(gradient, outputs, destination); break;
            case Form.Lanes256: ReluGradient.Gate<Vector256<float>, Lanes256>(gradient, outputs, destination); break;
            case Form.Lanes512: ReluGradient.Gate<Vector512<float>, Lanes512>(gradient, outputs, destination); break;
            default: ReluGradient.Gate(gradient, outputs, destination); break;
        }
    }
}
