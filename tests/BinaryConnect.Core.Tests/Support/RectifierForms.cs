using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The gradient of a rectifier in the form that a test names.</summary>
internal static class RectifierForms
{
    public static void Gate(Form form, ReadOnlySpan<float> gradient, ReadOnlySpan<float> outputs, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: Rectifier.GateScalar(gradient, outputs, destination); break;
            case Form.Lanes128: Rectifier.Gate<Vector128<float>, Lanes128>(gradient, outputs, destination); break;
            case Form.Lanes256: Rectifier.Gate<Vector256<float>, Lanes256>(gradient, outputs, destination); break;
            case Form.Lanes512: Rectifier.Gate<Vector512<float>, Lanes512>(gradient, outputs, destination); break;
            default: Rectifier.Gate(gradient, outputs, destination); break;
        }
    }
}
