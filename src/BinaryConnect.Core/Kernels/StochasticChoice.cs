using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>How <see cref="StochasticSigns"/> compares registers of weights with half-words: by the sign of 2¹⁶ (h − 2¹⁵ w/H).</summary>
internal readonly struct StochasticChoice<TVector, TLanes>(float bound, int first, ulong draw, ulong seed)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const float Tie = 1 << 16, Unit = Tie * StochasticSigns.Unit;

    private readonly TVector _positive = TLanes.Create(bound), _negative = TLanes.Create(-bound), _factor = TLanes.Create(-Unit / bound);

    // By a power of two, the product with the inverse is the quotient, to the bit, and much cheaper.
    private readonly bool _divides = !float.IsPow2(bound) || !float.IsNormal(Unit / bound);

    /// <summary>Chooses the signs of eight registers of weights from <paramref name="at"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Make(Philox4x32.Registers<TVector> halves, ref float source, ref float target, nuint at)
    {
        nuint next = (nuint)TLanes.Count;
        Philox4x32.Registers<TVector> d = default;
        d.N0 = Distance(halves.N0, ref source, at);
        d.N1 = Distance(halves.N1, ref source, at + next);
        d.N2 = Distance(halves.N2, ref source, at + 2 * next);
        d.N3 = Distance(halves.N3, ref source, at + 3 * next);
        d.N4 = Distance(halves.N4, ref source, at + 4 * next);
        d.N5 = Distance(halves.N5, ref source, at + 5 * next);
        d.N6 = Distance(halves.N6, ref source, at + 6 * next);
        d.N7 = Distance(halves.N7, ref source, at + 7 * next);
        TVector a = TLanes.MinBits(TLanes.MinBits(d.N0, d.N1), TLanes.MinBits(d.N2, d.N3));
        TVector b = TLanes.MinBits(TLanes.MinBits(d.N4, d.N5), TLanes.MinBits(d.N6, d.N7));

        // As integers, the bits of what lies between −2¹⁶ and 0 are less than those of any other float.
        if (TLanes.AnyBitsBelow(TLanes.MinBits(a, b), TLanes.Create(-Tie)))
        {
            Settle(d, ref target, at);
            return;
        }

        Store(d.N0, ref target, at);
        Store(d.N1, ref target, at + next);
        Store(d.N2, ref target, at + 2 * next);
        Store(d.N3, ref target, at + 3 * next);
        Store(d.N4, ref target, at + 4 * next);
        Store(d.N5, ref target, at + 5 * next);
        Store(d.N6, ref target, at + 6 * next);
        Store(d.N7, ref target, at + 7 * next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Distance(TVector halves, ref float source, nuint at)
    {
        TVector weights = TLanes.Load(ref source, at);
        return _divides
            ? TLanes.MultiplyAdd(TLanes.Divide(weights, _positive), TLanes.Create(-Unit), halves)
            : TLanes.MultiplyAdd(weights, _factor, halves);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(TVector distance, ref float target, nuint at) =>
        TLanes.Store(TLanes.SelectNegative(distance, _positive, _negative), ref target, at);

    // One by one, as the definition says: rare enough.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Settle(Philox4x32.Registers<TVector> distances, ref float target, nuint at)
    {
        ReadOnlySpan<TVector> registers = MemoryMarshal.CreateReadOnlySpan(in distances.N0, 2 * Philox4x32.StepRegisters);
        ReadOnlySpan<float> lanes = MemoryMarshal.Cast<TVector, float>(registers);
        for (int i = 0; i < lanes.Length; i++)
        {
            int place = (int)at + i;
            Unsafe.Add(ref target, place) = StochasticSigns.IsPositive(lanes[i] / Tie, first + place, draw, seed) ? bound : -bound;
        }
    }
}
