using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Support;

/// <summary>The random signs in the form that a test names.</summary>
internal static class StochasticSignsForms
{
    public static void Binarize(
        Form form, ReadOnlySpan<float> weights, float bound, ulong draw, ulong seed, Span<float> destination) =>
        Binarize(form, weights, bound, first: 0, draw, seed, destination);

    public static void Binarize(
        Form form, ReadOnlySpan<float> weights, float bound, int first, ulong draw, ulong seed, Span<float> destination)
    {
        switch (form)
        {
            case Form.Scalar: StochasticSigns.BinarizeScalar(weights, bound, first, draw, seed, destination); break;
            case Form.Lanes128:
                StochasticSigns.Binarize<Vector128<float>, Lanes128, Words128>(weights, bound, first, draw, seed, destination);
                break;
            case Form.Lanes256:
                StochasticSigns.Binarize<Vector256<float>, Lanes256, Words256>(weights, bound, first, draw, seed, destination);
                break;
            case Form.Lanes512:
                StochasticSigns.Binarize<Vector512<float>, Lanes512, Words512>(weights, bound, first, draw, seed, destination);
                break;
            default: StochasticSigns.Binarize(weights, bound, first, draw, seed, destination); break;
        }
    }
}
