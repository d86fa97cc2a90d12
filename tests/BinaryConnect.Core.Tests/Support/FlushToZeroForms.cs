using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The values that count as 0, in the form that a test names.</summary>
internal static class FlushToZeroForms
{
    public static void Decay(Form form, Span<float> velocity, float momentum, ReadOnlySpan<float> gradient)
    {
        switch (form)
        {
            case Form.Scalar: FlushToZero.DecayScalar(velocity, momentum, gradient); break;
            case Form.Lanes128: FlushToZero.Decay<Vector128<float>, Lanes128>(velocity, momentum, gradient); break;
            case Form.Lanes256: FlushToZero.Decay<Vector256<float>, Lanes256>(velocity, momentum, gradient); break;
            case Form.Lanes512: FlushToZero.Decay<Vector512<float>, Lanes512>(velocity, momentum, gradient); break;
            default: FlushToZero.Decay(velocity, momentum, gradient); break;
        }
    }
}
