using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.SignGemm;

namespace BinaryConnect.Tests.Support;

/// <summary>Both packings of signs in the form that a test names.</summary>
internal static class SignPackingForms
{
    public static void Pack(Form form, ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
    {
        switch (form)
        {
            case Form.Scalar: SignPacking.PackScalar(weights, layout, packed); break;
            case Form.Lanes128: SignPacking.Pack<Vector128<uint>, SignMasks128>(weights, layout, packed); break;
            case Form.Lanes256: SignPacking.Pack<Vector256<uint>, SignMasks256>(weights, layout, packed); break;
            case Form.Lanes512: SignPacking.Pack<Vector512<uint>, SignMasks512>(weights, layout, packed); break;
            default: SignPacking.Pack(weights, layout, packed); break;
        }
    }

    public static void PackTransposed(Form form, ReadOnlySpan<float> weights, SignLayout layout, Span<uint> packed)
    {
        switch (form)
        {
            case Form.Scalar: SignPacking.PackTransposedScalar(weights, layout, packed); break;
            case Form.Lanes128: SignPacking.PackTransposed<Vector128<uint>, SignMasks128>(weights, layout, packed); break;
            case Form.Lanes256: SignPacking.PackTransposed<Vector256<uint>, SignMasks256>(weights, layout, packed); break;
            case Form.Lanes512: SignPacking.PackTransposed<Vector512<uint>, SignMasks512>(weights, layout, packed); break;
            default: SignPacking.PackTransposed(weights, layout, packed); break;
        }
    }

    /// <summary>Packs <paramref name="part"/> outputs at a time, a multiple of 32, the last ones first.</summary>
    public static void PackRows(
        Form form, ReadOnlySpan<float> weights, int part, SignLayout layout, Span<uint> packed, Span<uint> transposed)
    {
        for (int first = (layout.Outputs - 1) / part * part; first >= 0; first -= part)
        {
            int end = Math.Min(first + part, layout.Outputs);
            PackPart(form, weights[(first * layout.Inputs)..(end * layout.Inputs)], first, layout, packed, transposed);
        }
    }

    private static void PackPart(
        Form form, ReadOnlySpan<float> weights, int first, SignLayout layout, Span<uint> packed, Span<uint> transposed)
    {
        switch (form)
        {
            case Form.Scalar: SignPacking.PackRowsScalar(weights, first, layout, packed, transposed); break;
            case Form.Lanes128:
                SignPacking.PackRows<Vector128<uint>, SignMasks128>(weights, first, layout, packed, transposed);
                break;
            case Form.Lanes256:
                SignPacking.PackRows<Vector256<uint>, SignMasks256>(weights, first, layout, packed, transposed);
                break;
            case Form.Lanes512:
                SignPacking.PackRows<Vector512<uint>, SignMasks512>(weights, first, layout, packed, transposed);
                break;
            default: SignPacking.PackRows(weights, first, layout, packed, transposed); break;
        }
    }
}
