using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The blocked product in the form that a test names.</summary>
internal static class FloatGemmForms
{
    private static readonly GemmWorkspace Workspace = new();

    public static void Multiply(
        Form form, in GemmShape shape, in GemmPart part, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        Workspace.Forget();
        switch (form)
        {
            case Form.Scalar: FloatGemm.MultiplyScalar(shape, part, a, b, c); break;
            case Form.Lanes128: FloatGemm.Multiply<Vector128<float>, Lanes128>(shape, part, a, b, c, Workspace); break;
            case Form.Lanes256: FloatGemm.Multiply<Vector256<float>, Lanes256>(shape, part, a, b, c, Workspace); break;
            case Form.Lanes512: FloatGemm.Multiply<Vector512<float>, Lanes512>(shape, part, a, b, c, Workspace); break;
            default: FloatGemm.Multiply(shape, part, a, b, c, Workspace); break;
        }
    }
}
