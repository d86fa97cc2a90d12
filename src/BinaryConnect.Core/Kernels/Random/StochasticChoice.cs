using System.Runtime.CompilerServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Random;

/// <summary>
/// Compares eight registers of weights w with 16-bit random numbers h, for <see cref="StochasticSigns"/>: by the sign
/// of the distance 2¹⁶ · (h − 2¹⁵ · w / H). Arguments stay in registers; fields would not.
/// </summary>
internal static class StochasticChoice<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>
    /// The distances of the weights from <paramref name="at"/> on. <paramref name="factor"/> is −2³¹ / H. Where H,
    /// <paramref name="bound"/>, is no power of two, that product is inexact: then the factor is −2³¹, and each weight
    /// is divided by H.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Philox4x32.Registers<TVector> Distances(
        in Philox4x32.Registers<TVector> halves, TVector factor, TVector bound, bool divides, ref float source, nuint at)
    {
        nuint next = (nuint)TLanes.Count;
        Philox4x32.Registers<TVector> d = default;
        d.N0 = TLanes.MultiplyAdd(Weights(ref source, at, bound, divides), factor, halves.N0);
        d.N1 = TLanes.MultiplyAdd(Weights(ref source, at + next, bound, divides), factor, halves.N1);
        d.N2 = TLanes.MultiplyAdd(Weights(ref source, at + 2 * next, bound, divides), factor, halves.N2);
        d.N3 = TLanes.MultiplyAdd(Weights(ref source, at + 3 * next, bound, divides), factor, halves.N3);
        d.N4 = TLanes.MultiplyAdd(Weights(ref source, at + 4 * next, bound, divides), factor, halves.N4);
        d.N5 = TLanes.MultiplyAdd(Weights(ref source, at + 5 * next, bound, divides), factor, halves.N5);
        d.N6 = TLanes.MultiplyAdd(Weights(ref source, at + 6 * next, bound, divides), factor, halves.N6);
        d.N7 = TLanes.MultiplyAdd(Weights(ref source, at + 7 * next, bound, divides), factor, halves.N7);
        return d;
    }

    /// <summary>The minimum of eight registers lane by lane, their bits taken as signed integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LeastBits(in Philox4x32.Registers<TVector> d)
    {
        TVector a = TLanes.MinBits(TLanes.MinBits(d.N0, d.N1), TLanes.MinBits(d.N2, d.N3));
        TVector b = TLanes.MinBits(TLanes.MinBits(d.N4, d.N5), TLanes.MinBits(d.N6, d.N7));
        return TLanes.MinBits(a, b);
    }

    /// <summary>
    /// Writes <paramref name="positive"/> where a distance is negative, else <paramref name="negative"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSigns(
        in Philox4x32.Registers<TVector> d, TVector positive, TVector negative, ref float target, nuint at)
    {
        nuint next = (nuint)TLanes.Count;
        TLanes.Store(TLanes.SelectNegative(d.N0, positive, negative), ref target, at);
        TLanes.Store(TLanes.SelectNegative(d.N1, positive, negative), ref target, at + next);
        TLanes.Store(TLanes.SelectNegative(d.N2, positive, negative), ref target, at + 2 * next);
        TLanes.Store(TLanes.SelectNegative(d.N3, positive, negative), ref target, at + 3 * next);
        TLanes.Store(TLanes.SelectNegative(d.N4, positive, negative), ref target, at + 4 * next);
        TLanes.Store(TLanes.SelectNegative(d.N5, positive, negative), ref target, at + 5 * next);
        TLanes.Store(TLanes.SelectNegative(d.N6, positive, negative), ref target, at + 6 * next);
        TLanes.Store(TLanes.SelectNegative(d.N7, positive, negative), ref target, at + 7 * next);
    }

    /// <summary>Writes the distances themselves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in Philox4x32.Registers<TVector> d, ref float target, nuint at)
    {
        nuint next = (nuint)TLanes.Count;
        TLanes.Store(d.N0, ref target, at);
        TLanes.Store(d.N1, ref target, at + next);
        TLanes.Store(d.N2, ref target, at + 2 * next);
        TLanes.Store(d.N3, ref target, at + 3 * next);
        TLanes.Store(d.N4, ref target, at + 4 * next);
        TLanes.Store(d.N5, ref target, at + 5 * next);
        TLanes.Store(d.N6, ref target, at + 6 * next);
        TLanes.Store(d.N7, ref target, at + 7 * next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weights(ref float source, nuint at, TVector bound, bool divides)
    {
        TVector weights = TLanes.Load(ref source, at);
        return divides ? TLanes.Divide(weights, bound) : weights;
    }
}
