using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>Signs drawn at random, in one pass: the numbers go from the generator to the comparison without a buffer.</summary>
internal static class StochasticSigns
{
    /// <summary>
    /// Effectively computes destination[i] = u_i &lt; (weights[i] / bound + 1) / 2 ? bound : −bound, u being the stream's
    /// uniform numbers from its first block on. The spans are the same or apart.
    /// </summary>
    public static void Binarize(ReadOnlySpan<float> weights, float bound, ulong stream, ulong seed, Span<float> destination)
    {
        if (Vector512.IsHardwareAccelerated) Binarize<Vector512<float>, Lanes512, Words512>(weights, bound, stream, seed, destination);
        else if (Vector256.IsHardwareAccelerated) Binarize<Vector256<float>, Lanes256, Words256>(weights, bound, stream, seed, destination);
        else if (Vector128.IsHardwareAccelerated) Binarize<Vector128<float>, Lanes128, Words128>(weights, bound, stream, seed, destination);
        else BinarizeScalar(weights, bound, stream, seed, destination);
    }

    /// <summary>The definition of <see cref="Binarize(ReadOnlySpan{float}, float, ulong, ulong, Span{float})"/>.</summary>
    public static void BinarizeScalar(ReadOnlySpan<float> weights, float bound, ulong stream, ulong seed, Span<float> destination) =>
        BinarizeScalar(weights, bound, firstBlock: 0, stream, seed, destination);

    public static void Binarize<TVector, TLanes, TWords>(
        ReadOnlySpan<float> weights, float bound, ulong stream, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        int length = Philox4x32.StepLength<TVector, TWords>();
        int whole = weights.Length - weights.Length % length, left = weights.Length - whole;
        BinarizeSteps<TVector, TLanes, TWords>(weights[..whole], bound, 0, stream, seed, destination[..whole]);
        if (left == 0) return;
        Span<float> last = stackalloc float[length];
        weights[whole..].CopyTo(last);
        BinarizeSteps<TVector, TLanes, TWords>(last, bound, (uint)whole / Philox4x32.BlockLength, stream, seed, last);
        last[..left].CopyTo(destination[whole..]);
    }

    private static void BinarizeSteps<TVector, TLanes, TWords>(
        ReadOnlySpan<float> weights, float bound, ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        ref float weightStart = ref MemoryMarshal.GetReference(weights), start = ref MemoryMarshal.GetReference(destination);
        TVector positive = TLanes.Create(bound), negative = TLanes.Create(-bound);
        for (int i = 0; i < weights.Length; i += Philox4x32.StepLength<TVector, TWords>())
        {
            Philox4x32.Step<TVector, TWords>(
                firstBlock + (uint)i / Philox4x32.BlockLength, stream, seed, out Philox4x32.Registers<TVector> n);
            ref float source = ref Unsafe.Add(ref weightStart, i), target = ref Unsafe.Add(ref start, i);
            Choose<TVector, TLanes, TWords>(n.N0, positive, negative, ref source, ref target, 0);
            Choose<TVector, TLanes, TWords>(n.N1, positive, negative, ref source, ref target, 1);
            Choose<TVector, TLanes, TWords>(n.N2, positive, negative, ref source, ref target, 2);
            Choose<TVector, TLanes, TWords>(n.N3, positive, negative, ref source, ref target, 3);
            Choose<TVector, TLanes, TWords>(n.N4, positive, negative, ref source, ref target, 4);
            Choose<TVector, TLanes, TWords>(n.N5, positive, negative, ref source, ref target, 5);
            Choose<TVector, TLanes, TWords>(n.N6, positive, negative, ref source, ref target, 6);
            Choose<TVector, TLanes, TWords>(n.N7, positive, negative, ref source, ref target, 7);
        }
    }

    // u < (w/H + 1)/2 where 2²⁴ u − 2²³ (w/H + 1) < 0: powers of two scale exactly, and no difference of two floats rounds to 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Choose<TVector, TLanes, TWords>(
        TVector words, TVector positive, TVector negative, ref float source, ref float target, nuint register)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TWords : struct, IWords<TVector>
    {
        nuint at = register * (nuint)TLanes.Count;
        TVector doubled = TLanes.Add(TLanes.Divide(TLanes.Load(ref source, at), positive), TLanes.Create(1));
        TVector distance = TLanes.MultiplyAdd(doubled, TLanes.Create(-(1 << 23)), TWords.Upper24(words));
        TLanes.Store(TLanes.SelectNegative(distance, positive, negative), ref target, at);
    }

    private static void BinarizeScalar(
        ReadOnlySpan<float> weights, float bound, ulong firstBlock, ulong stream, ulong seed, Span<float> destination)
    {
        Span<float> uniform = stackalloc float[Philox4x32.BlockLength];
        for (int i = 0; i < weights.Length; i++)
        {
            int word = i % Philox4x32.BlockLength;
            if (word == 0) Philox4x32.UniformScalar(firstBlock + (uint)i / Philox4x32.BlockLength, stream, seed, uniform);
            destination[i] = uniform[word] < (weights[i] / bound + 1) / 2 ? bound : -bound;
        }
    }
}
