using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Softmax;

/// <summary>
/// e to what lies between a row's largest logit and another, x ≤ 0: in single precision, where TensorPrimitives.Exp, which takes any x, widens to
/// double. Effectively computes x &lt; −64 ? 0 : eˣ, to within 2⁻²² of eˣ; NaN stays NaN.
/// </summary>
/// <remarks>
/// x = n · ln 2 + r for whole n and |r| ≤ ½ ln 2, so that eˣ = 2ⁿ · eʳ, and eʳ ≈ 1 + r + r² · q(r). q has the least largest relative error
/// of its degree in that range, 4 · 10⁻⁹.
/// </remarks>
internal static class Exponential
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts. The first has nine bits, so that its product with n is exact, with a fused multiply-add or without.
    private const float Ln2 = 0.693359375f, Ln2Rest = -2.12194440e-4f;

    private const float Q0 = 0.49999994f, Q1 = 0.1666652f, Q2 = 0.0416684f, Q3 = 0.008368852f, Q4 = 0.001381432f;

    // Added to n, this rounds to a whole number, and leaves n + 127, the exponent of 2ⁿ, in the lowest bits.
    private const float Rounding = (1 << 23) + (1 << 22) + 127;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfDifference(float x)
    {
        float rounded = float.MultiplyAddEstimate(x, Log2E, Rounding), n = rounded - Rounding;
        float r = float.MultiplyAddEstimate(n, -Ln2Rest, float.MultiplyAddEstimate(n, -Ln2, x));
        float q = float.MultiplyAddEstimate(Q4, r, Q3);
        q = float.MultiplyAddEstimate(q, r, Q2);
        q = float.MultiplyAddEstimate(q, r, Q1);
        q = float.MultiplyAddEstimate(q, r, Q0);
        float power = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(rounded) << 23);
        return x < FlushToZero.Logit ? 0 : (float.MultiplyAddEstimate(q, r * r, r) + 1) * power;
    }

    /// <summary>The same in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfDifference<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        TVector rounding = TLanes.Create(Rounding);
        TVector rounded = TLanes.MultiplyAdd(x, TLanes.Create(Log2E), rounding), n = TLanes.Subtract(rounded, rounding);
        TVector r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Rest), TLanes.MultiplyAdd(n, TLanes.Create(-Ln2), x));
        TVector q = TLanes.MultiplyAdd(TLanes.Create(Q4), r, TLanes.Create(Q3));
        q = TLanes.MultiplyAdd(q, r, TLanes.Create(Q2));
        q = TLanes.MultiplyAdd(q, r, TLanes.Create(Q1));
        q = TLanes.MultiplyAdd(q, r, TLanes.Create(Q0));
        TVector one = TLanes.Add(TLanes.MultiplyAdd(q, TLanes.Multiply(r, r), r), TLanes.Create(1));
        TVector isNegligible = TLanes.Subtract(x, TLanes.Create(FlushToZero.Logit));
        return TLanes.SelectNegative(isNegligible, TLanes.Create(0), TLanes.Multiply(one, TLanes.LowBitsToExponent(rounded)));
    }
}
