using System.Runtime.Intrinsics;
using BinaryConnect.Kernels;

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
}
