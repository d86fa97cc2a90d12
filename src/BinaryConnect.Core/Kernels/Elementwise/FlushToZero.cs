using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// What is too small to matter counts as 0, long before it comes near 2⁻¹²⁶. Below that a float has fewer digits, and some processors take
/// more than a hundred cycles over an instruction one of whose lanes meets one.
/// </summary>
internal static class FlushToZero
{
    /// <summary>Differences from the largest logit below this have a probability of at most 2⁻⁹².</summary>
    public const float Logit = -64;

    /// <summary>2⁻¹⁰⁰, of what decays from step to step.</summary>
    public const float Magnitude = 1f / (1L << 50) / (1L << 50);

    /// <summary>2⁻⁵⁰, of what is squared.</summary>
    public const float Root = 1f / (1L << 50);

    /// <summary>Effectively computes velocity[i] = velocity[i] · momentum + gradient[i], and 0 where the magnitude of that is below 2⁻¹⁰⁰.</summary>
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
        for (int i = 0; i < velocity.Length; i++) velocity[i] = ToZero(float.MultiplyAddEstimate(velocity[i], momentum, gradient[i]), Magnitude);
    }

    /// <summary>The value, or 0 where its magnitude is below the bound. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToZero(float value, float bound) => MathF.Abs(value) < bound ? 0 : value;

    /// <summary>The same in each lane.</summary>
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
            TLanes.Store(ToZero<TVector, TLanes>(TLanes.MultiplyAdd(TLanes.Load(ref v, i), kept, TLanes.Load(ref g, i)), Magnitude), ref v, i);
        }

        DecayScalar(velocity[whole..], momentum, gradient[whole..]);
    }
}
