using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.BitGemm;

namespace BinaryConnect.Tests.Support;

/// <summary>The product of ±1 with ±1 in the form that a test names.</summary>
internal static class BitGemmForms
{
    /// <summary>
    /// The forms that run on this machine: permutations and shuffles of bytes in wide registers need their own
    /// instructions. On Arm64 the dispatched form is another one.
    /// </summary>
    public static Form[] Supported { get; } = [.. Enum.GetValues<Form>().Where(IsSupported)];

    /// <summary>The layout of a form.</summary>
    public static BitLayout Layout(Form form, int outputs, int inputs) => form switch
    {
        Form.Dispatched => new BitLayout(outputs, inputs),
        Form.Lanes512 => new BitLayout(outputs, inputs, 6),
        _ => new BitLayout(outputs, inputs, 8),
    };

    /// <summary>Multiplies; the scalar form counts in integers of 64 bits.</summary>
    public static void Multiply(
        Form form, ReadOnlySpan<byte> inputs, ReadOnlySpan<byte> signs, BitLayout layout, Span<int> z)
    {
        switch (form)
        {
            case Form.Scalar: BitGemm.Multiply<ulong, ulong, ulong, BitLanes64>(inputs, signs, layout, z); break;
            case Form.Lanes128:
                BitGemm.Multiply<
                    Vector128<byte>, (Vector128<byte>, Vector128<byte>), (Vector128<byte>, Vector128<byte>), BitLanes128>(
                    inputs, signs, layout, z);
                break;
            case Form.Lanes256:
                BitGemm.Multiply<
                    Vector256<byte>, (Vector256<byte>, Vector256<byte>), (Vector256<byte>, Vector256<byte>), BitLanes256>(
                    inputs, signs, layout, z);
                break;
            case Form.Lanes512:
                BitGemm.Multiply<Vector512<byte>, Vector512<byte>, Vector512<byte>, BitLanes512>(inputs, signs, layout, z);
                break;
            default: BitGemm.Multiply(inputs, signs, layout, z); break;
        }
    }

    private static bool IsSupported(Form form) => form switch
    {
        Form.Lanes256 => Avx2.IsSupported,
        Form.Lanes512 => Avx512Vbmi.IsSupported,
        _ => true,
    };
}
