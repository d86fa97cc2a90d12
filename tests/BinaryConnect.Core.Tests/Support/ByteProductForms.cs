using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels;

namespace BinaryConnect.Tests.Support;

/// <summary>The product of bytes and signs in the form that a test names.</summary>
internal static class ByteProductForms
{
    /// <summary>The forms that run here: products of bytes in wide registers are instructions a machine has or has not.</summary>
    public static Form[] Supported { get; } = [.. Enum.GetValues<Form>().Where(IsSupported)];

    public static void Multiply(Form form, ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> z)
    {
        switch (form)
        {
            case Form.Scalar: ByteProduct.MultiplyScalar(x, signs, z); break;
            case Form.Lanes128: ByteProduct.Multiply<Vector128<byte>, Vector128<short>, SignLanes128>(x, signs, z); break;
            case Form.Lanes256: ByteProduct.Multiply<Vector256<byte>, Vector256<short>, SignLanes256>(x, signs, z); break;
            case Form.Lanes512: ByteProduct.Multiply<Vector512<byte>, Vector512<short>, SignLanes512>(x, signs, z); break;
            default: ByteProduct.Multiply(x, signs, z); break;
        }
    }

    private static bool IsSupported(Form form) => form switch
    {
        Form.Lanes256 => Avx2.IsSupported,
        Form.Lanes512 => Avx512BW.IsSupported,
        _ => true,
    };
}
