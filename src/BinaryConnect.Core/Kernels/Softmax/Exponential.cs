using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Softmax;

/// <summary>
/// eˣ for x ≤ 0, a logit minus its row's largest. Effectively computes x &lt; −64 ? 0 : eˣ, within 2⁻²² of eˣ relative
/// to it; NaN stays NaN. TensorPrimitives.Exp takes any x, but widens to double.
/// </summary>
/// <remarks>
/// x = n · ln 2 + r for an integer n and |r| ≤ ½ ln 2, so that eˣ = 2ⁿ · eʳ with eʳ ≈ 1 + r + r² · q(r). q is the
/// minimax polynomial of degree 4 for that range: it has the least possible largest relative error, 4 · 10⁻⁹.
/// </remarks>
internal static class Exponential
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts. The first has nine bits, so that its product with n is exact, fused or not.
    private const float Ln2 = 0.693359375f, Ln2Rest = -2.12194440e-4f;

    private const float Q0 = 0.49999994f, Q1 = 0.1666652f, Q2 = 0.0416684f, Q3 = 0.008368852f, Q4 = 0.001381432f;

    // Adding this rounds to an integer n, and leaves n + 127, the exponent field of 2ⁿ, in the lowest bits.
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

    /// <summary>The same lane by lane.</summary>
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
