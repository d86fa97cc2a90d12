using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// Replaces values too small to matter by 0, long before they become subnormal (below 2⁻¹²⁶). Subnormal floats have
/// fewer digits, and on some processors one in any lane costs an instruction more than a hundred cycles.
/// </summary>
/// <remarks>
/// Lanes select by the sign of |value| − bound. The last, incomplete register is left to the scalar form.
/// </remarks>
internal static class FlushToZero
{
    /// <summary>
    /// The bound of logits minus their largest: a smaller difference has a probability of at most 2⁻⁹².
    /// </summary>
    public const float Logit = -64;

    /// <summary>2⁻¹⁰⁰, the bound of values that decay from step to step.</summary>
    public const float Magnitude = 1f / (1L << 50) / (1L << 50);

    /// <summary>2⁻⁵⁰, the bound of values that are squared.</summary>
    public const float Root = 1f / (1L << 50);

    /// <summary>
    /// Effectively computes velocity[i] = velocity[i] · momentum + gradient[i], or 0 where that magnitude is below
    /// 2⁻¹⁰⁰.
    /// </summary>
    public static void Decay(Span<float> velocity, float momentum, ReadOnlySpan<float> gradient)
    {
        if (Vector512.IsHardwareAccelerated) Decay<Vector512<float>, Lanes512>(velocity, momentum, gradient);
        else if (Vector256.IsHardwareAccelerated) Decay<Vector256<float>, Lanes256>(velocity, momentum, gradient);
        else if (Vector128.IsHardwareAccelerated) Decay<Vector128<float>, Lanes128>(velocity, momentum, gradient);
        else DecayScalar(velocity, momentum, gradient);
    }

    /// <summary>The definition of <see cref="Decay(Span{float}, float, ReadOnlySpan{float})"/>.</summary>
    public static void DecayScalar(Span<float> velocity, float momentum, ReadOnlySpan<float> gradient)
    {
        for (int i = 0; i < velocity.Length; i++)
            velocity[i] = ToZero(float.MultiplyAddEstimate(velocity[i], momentum, gradient[i]), Magnitude);
    }

    /// <summary>The value, or 0 where its magnitude is below the bound. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToZero(float value, float bound) => MathF.Abs(value) < bound ? 0 : value;

    /// <summary>The same lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ToZero<TVector, TLanes>(TVector values, float bound)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        TLanes.SelectNegative(TLanes.Subtract(TLanes.Absolute(values), TLanes.Create(bound)), TLanes.Create(0), values);

    public static void Decay<TVector, TLanes>(Span<float> velocity, float momentum, ReadOnlySpan<float> gradient)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float v = ref MemoryMarshal.GetReference(velocity), g = ref MemoryMarshal.GetReference(gradient);
        TVector kept = TLanes.Create(momentum);
        int whole = velocity.Length - velocity.Length % TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TLanes.Store(
                ToZero<TVector, TLanes>(TLanes.MultiplyAdd(TLanes.Load(ref v, i), kept, TLanes.Load(ref g, i)), Magnitude),
                ref v,
                i);
        }

        DecayScalar(velocity[whole..], momentum, gradient[whole..]);
    }
}
