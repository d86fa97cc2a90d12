using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Random;

/// <summary>
/// Stochastic binarization in one pass: random numbers go from the generator to the comparison in registers. Sixteen
/// random bits decide all weights but about one in 65,536, where they tie with its probability. Only ties draw 24 more.
/// </summary>
/// <remarks>
/// A step draws eight registers of 32-bit words. Their lower halves decide eight registers of weights, their upper
/// halves eight more, 128 weights further on. A minimum over all lanes detects ties. The last, incomplete group of 256
/// weights is copied to a buffer, and the same form computes it.
/// </remarks>
internal static class StochasticSigns
{
    /// <summary>
    /// The weights that share 128 words of the generator: the first 128 take the lower 16 bits, the rest the upper
    /// ones.
    /// </summary>
    public const int GroupLength = 256;

    /// <summary>The distance between the thresholds of weights −bound and 0.</summary>
    public const float Unit = 1 << 15;

    private const int GroupWords = GroupLength / 2;

    // Distances in (−2¹⁶, 0) leave the sign open. They have the factor 2¹⁶, as half-words are in the upper bits of
    // lanes.
    private const float Tie = 1 << 16;

    // The steps between two looks for ties: one bit of a ulong each.
    private const int MostSteps = 64;
    private const int Rounds = Philox4x32.FastRounds;

    /// <summary>
    /// Effectively computes destination[i] = u_i &lt; (weights[i] / bound + 1) / 2 ? bound : −bound, where
    /// u_i = (2¹⁵ + h_i + f_i) / 2¹⁶. h_i is 16 bits of the stream <see cref="RandomStream.Binarization"/> | draw, in
    /// [−2¹⁵, 2¹⁵). f_i is the uniform number i of <see cref="RandomStream.BinarizationTie"/> | draw. The spans are the
    /// same or do not overlap. NaN gives −bound.
    /// </summary>
    public static void Binarize(ReadOnlySpan<float> weights, float bound, ulong draw, ulong seed, Span<float> destination) =>
        Binarize(weights, bound, 0, draw, seed, destination);

    /// <summary>
    /// The same for weights that begin at i = <paramref name="first"/>, a multiple of <see cref="GroupLength"/>.
    /// </summary>
    public static void Binarize(
        ReadOnlySpan<float> weights, float bound, int first, ulong draw, ulong seed, Span<float> destination)
    {
        if (Vector512.IsHardwareAccelerated)
            Binarize<Vector512<float>, Lanes512, Words512>(weights, bound, first, draw, seed, destination);
        else if (Vector256.IsHardwareAccelerated)
            Binarize<Vector256<float>, Lanes256, Words256>(weights, bound, first, draw, seed, destination);
        else if (Vector128.IsHardwareAccelerated)
            Binarize<Vector128<float>, Lanes128, Words128>(weights, bound, first, draw, seed, destination);
        else
            BinarizeScalar(weights, bound, first, draw, seed, destination);
    }

    /// <summary>
    /// The definition of <see cref="Binarize(ReadOnlySpan{float}, float, int, ulong, ulong, Span{float})"/>.
    /// </summary>
    public static void BinarizeScalar(
        ReadOnlySpan<float> weights, float bound, int first, ulong draw, ulong seed, Span<float> destination)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            float distance = HalfWord(first + i, draw, seed) - Unit * (weights[i] / bound);
            destination[i] = IsPositive(distance, first + i, draw, seed) ? bound : -bound;
        }
    }

    public static void Binarize<TVector, TLanes, TWords>(
        ReadOnlySpan<float> weights, float bound, int first, ulong draw, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        int whole = weights.Length - weights.Length % GroupLength, left = weights.Length - whole;
        BinarizeGroups<TVector, TLanes, TWords>(weights[..whole], bound, first, draw, seed, destination);
        if (left == 0) return;
        Span<float> last = stackalloc float[GroupLength];
        weights[whole..].CopyTo(last);
        BinarizeGroups<TVector, TLanes, TWords>(last, bound, first + whole, draw, seed, last);
        last[..left].CopyTo(destination[whole..]);
    }

    private static void BinarizeGroups<TVector, TLanes, TWords>(
        ReadOnlySpan<float> weights, float bound, int first, ulong draw, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        int step = Philox4x32.StepLength<TVector, TWords>(), blockLength = MostSteps * 2 * step;
        for (int start = 0, length; start < weights.Length; start += length)
        {
            length = Math.Min(blockLength, weights.Length - start);
            Span<float> signs = destination.Slice(start, length);
            ulong unsettled = BinarizeSteps<TVector, TLanes, TWords>(
                weights.Slice(start, length), bound, first + start, draw, seed, signs);
            for (; unsettled != 0; unsettled &= unsettled - 1)
            {
                int at = Place(BitOperations.TrailingZeroCount(unsettled), step);
                Settle(signs.Slice(at, step), bound, first + start + at, draw, seed);
                Settle(signs.Slice(at + GroupWords, step), bound, first + start + at + GroupWords, draw, seed);
            }
        }
    }

    // Binarizes whole steps. Ties are in one step of hundreds: such a step stores its distances, and sets its bit in
    // the result. Keep this out of line, and calls out of the loop: either would spill registers in every step.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong BinarizeSteps<TVector, TLanes, TWords>(
        ReadOnlySpan<float> weights, float bound, int first, ulong draw, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        ref float source = ref MemoryMarshal.GetReference(weights), target = ref MemoryMarshal.GetReference(destination);
        int step = Philox4x32.StepLength<TVector, TWords>(), steps = weights.Length / (2 * step);
        TVector positive = TLanes.Create(bound), negative = TLanes.Create(-bound), tie = TLanes.Create(-Tie);

        // For a power of two the product with the inverse has the quotient's bits, and is much cheaper.
        bool divides = !float.IsPow2(bound) || !float.IsNormal(Tie * Unit / bound);
        TVector factor = TLanes.Create(divides ? -Tie * Unit : -Tie * Unit / bound);
        ulong unsettled = 0;
        for (int i = 0; i < steps; i++)
        {
            nuint at = (nuint)Place(i, step);
            uint block = (uint)(first / 2 + i * step) / Philox4x32.BlockLength;
            Philox4x32.FastStep<TVector, TWords>(
                block, RandomStream.Binarization | draw, seed, out Philox4x32.Registers<TVector> n);
            Philox4x32.Registers<TVector> lower = default, upper = default;
            (lower.N0, upper.N0) = TWords.Halves(n.N0);
            (lower.N1, upper.N1) = TWords.Halves(n.N1);
            (lower.N2, upper.N2) = TWords.Halves(n.N2);
            (lower.N3, upper.N3) = TWords.Halves(n.N3);
            (lower.N4, upper.N4) = TWords.Halves(n.N4);
            (lower.N5, upper.N5) = TWords.Halves(n.N5);
            (lower.N6, upper.N6) = TWords.Halves(n.N6);
            (lower.N7, upper.N7) = TWords.Halves(n.N7);
            if (divides)
            {
                lower = StochasticChoice<TVector, TLanes>.Distances(lower, factor, positive, divides: true, ref source, at);
                upper = StochasticChoice<TVector, TLanes>.Distances(
                    upper, factor, positive, divides: true, ref source, at + GroupWords);
            }
            else
            {
                lower = StochasticChoice<TVector, TLanes>.Distances(lower, factor, positive, divides: false, ref source, at);
                upper = StochasticChoice<TVector, TLanes>.Distances(
                    upper, factor, positive, divides: false, ref source, at + GroupWords);
            }

            // As integers, the bits of −0 and of floats in (−2¹⁶, 0) are less than those of any other float.
            TVector least = TLanes.MinBits(
                StochasticChoice<TVector, TLanes>.LeastBits(lower), StochasticChoice<TVector, TLanes>.LeastBits(upper));
            if (TLanes.AnyBitsBelow(least, tie))
            {
                unsettled |= 1UL << i;
                StochasticChoice<TVector, TLanes>.Store(lower, ref target, at);
                StochasticChoice<TVector, TLanes>.Store(upper, ref target, at + GroupWords);
                continue;
            }

            StochasticChoice<TVector, TLanes>.StoreSigns(lower, positive, negative, ref target, at);
            StochasticChoice<TVector, TLanes>.StoreSigns(upper, positive, negative, ref target, at + GroupWords);
        }

        return unsettled;
    }

    // The first weight of a step, one that takes a lower half-word.
    private static int Place(int step, int stepLength)
    {
        int word = step * stepLength;
        return word / GroupWords * GroupLength + word % GroupWords;
    }

    private static void Settle(Span<float> distances, float bound, int first, ulong draw, ulong seed)
    {
        for (int i = 0; i < distances.Length; i++)
        {
            float distance = distances[i] / Tie;
            distances[i] = IsPositive(distance, first + i, draw, seed) ? bound : -bound;
        }
    }

    /// <summary>
    /// Whether h + f is below the threshold, given the distance h − threshold. f is drawn only for a threshold between
    /// h and h + 1.
    /// </summary>
    public static bool IsPositive(float distance, int index, ulong draw, ulong seed) => distance is > -1 and < 0
        ? Philox4x32.ToUnit(Philox4x32.Word((uint)index, RandomStream.BinarizationTie | draw, seed, Rounds)) < -distance
        : distance < 0;

    private static int HalfWord(int index, ulong draw, ulong seed)
    {
        int place = index % GroupLength, word = index / GroupLength * GroupWords + place % GroupWords;
        uint bits = Philox4x32.Word((uint)word, RandomStream.Binarization | draw, seed, Rounds);
        return place < GroupWords ? (short)bits : (short)(bits >> 16);
    }
}
