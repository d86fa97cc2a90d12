using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The product of inputs and signs in the form that a test names.</summary>
internal static class SignGemmForms
{
    /// <summary>The forms that run here: lookups in wide registers are instructions a machine has or has not.</summary>
    public static Form[] Supported { get; } = [.. Enum.GetValues<Form>().Where(IsSupported)];

    public static void Multiply(
        Form form, ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound, Span<float> z,
        Span<float> work) =>
        Multiply(form, x, signs, layout, bound, z, work, 0, layout.Tiles);

    public static void Multiply(
        Form form, ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound, Span<float> z,
        Span<float> work, int firstTile, int endTile)
    {
        switch (form)
        {
            case Form.Scalar: SignGemm.MultiplyScalar(x, signs, layout, bound, z, firstTile, endTile); break;
            case Form.Lanes128:
                Multiply<SignMicroKernel128, Vector128<float>, Lanes128>(x, signs, layout, bound, z, work, firstTile, endTile);
                break;
            case Form.Lanes256:
                Multiply<SignMicroKernel256, Vector256<float>, Lanes256>(x, signs, layout, bound, z, work, firstTile, endTile);
                break;
            case Form.Lanes512:
                Multiply<SignMicroKernel512, Vector512<float>, Lanes512>(x, signs, layout, bound, z, work, firstTile, endTile);
                break;
            default: SignGemm.Multiply(x, signs, layout, bound, z, work, firstTile, endTile); break;
        }
    }

    // In registers of one width: as many rows as possible side by side, then the rest one by one. The product may take
    // all rows one by one.
    private static void Multiply<TTiles, TVector, TLanes>(
        ReadOnlySpan<float> x, ReadOnlySpan<uint> signs, SignLayout layout, float bound, Span<float> z, Span<float> work,
        int firstTile, int endTile)
        where TTiles : struct, ISignMicroKernel
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int columns = SignMicroKernel32Rows.Take(x.Length / layout.Inputs), taken = columns * layout.Inputs;
        SignMicroKernel32Rows.Multiply<TVector, TLanes>(x[..taken], signs, layout, bound, z, work, firstTile, endTile);
        SignGemm.Multiply<TTiles>(x[taken..], signs, layout, bound, z[(columns * layout.Outputs)..], work, firstTile, endTile);
    }

    private static bool IsSupported(Form form) => form switch
    {
        Form.Lanes256 => Avx2.IsSupported,
        Form.Lanes512 => Avx512F.IsSupported,
        _ => true,
    };
}
