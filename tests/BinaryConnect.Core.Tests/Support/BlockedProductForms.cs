using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The blocked product in the form that a test names.</summary>
internal static class BlockedProductForms
{
    private static readonly ProductWorkspace Workspace = new();

    public static void Multiply(
        Form form, in ProductShape shape, in ProductPart part, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        Workspace.Forget();
        switch (form)
        {
            case Form.Scalar: BlockedProduct.MultiplyScalar(shape, part, a, b, c); break;
            case Form.Lanes128: BlockedProduct.Multiply<Vector128<float>, Lanes128>(shape, part, a, b, c, Workspace); break;
            case Form.Lanes256: BlockedProduct.Multiply<Vector256<float>, Lanes256>(shape, part, a, b, c, Workspace); break;
            case Form.Lanes512: BlockedProduct.Multiply<Vector512<float>, Lanes512>(shape, part, a, b, c, Workspace); break;
            default: BlockedProduct.Multiply(shape, part, a, b, c, Workspace); break;
        }
    }
}
