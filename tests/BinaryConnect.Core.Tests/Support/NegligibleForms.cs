using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>What counts as 0, in the form that a test names.</summary>
internal static class NegligibleForms
{
    public static void Decay(Form form, Span<float> velocity, float momentum, ReadOnlySpan<float> gradient)
    {
        switch (form)
        {
            case Form.Scalar: Negligible.DecayScalar(velocity, momentum, gradient); break;
            case Form.Lanes128: Negligible.Decay<Vector128<float>, Lanes128>(velocity, momentum, gradient); break;
            case Form.Lanes256: Negligible.Decay<Vector256<float>, Lanes256>(velocity, momentum, gradient); break;
            case Form.Lanes512: Negligible.Decay<Vector512<float>, Lanes512>(velocity, momentum, gradient); break;
            default: Negligible.Decay(velocity, momentum, gradient); break;
        }
    }
}
