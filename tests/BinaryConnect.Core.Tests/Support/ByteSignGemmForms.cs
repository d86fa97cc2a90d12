using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Tests.Support;

/// <summary>The product of bytes and signs in the form that a test names.</summary>
internal static class ByteSignGemmForms
{
    /// <summary>
    /// The forms that run on this machine: products of bytes in wide registers need its own instructions.
    /// </summary>
    public static Form[] Supported { get; } = [.. Enum.GetValues<Form>().Where(IsSupported)];

    public static void Multiply(Form form, ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> z)
    {
        switch (form)
        {
            case Form.Scalar: ByteSignGemm.MultiplyScalar(x, signs, z); break;
            case Form.Lanes128: ByteSignGemm.Multiply<Vector128<byte>, Vector128<short>, ByteLanes128>(x, signs, z); break;
            case Form.Lanes256: ByteSignGemm.Multiply<Vector256<byte>, Vector256<short>, ByteLanes256>(x, signs, z); break;
            case Form.Lanes512: ByteSignGemm.Multiply<Vector512<byte>, Vector512<short>, ByteLanes512>(x, signs, z); break;
            default: ByteSignGemm.Multiply(x, signs, z); break;
        }
    }

    private static bool IsSupported(Form form) => form switch
    {
        Form.Lanes256 => Avx2.IsSupported,
        Form.Lanes512 => Avx512BW.IsSupported,
        _ => true,
    };
}
