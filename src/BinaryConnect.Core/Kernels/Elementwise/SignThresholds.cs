using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// The signs of scaled integer sums, by one comparison of integers each: bit j is 1 where
/// z[j] · scale[j] + offset[j] ≥ 0.
/// </summary>
internal sealed class SignThresholds
{
    private const int Block = 64;

    private readonly int[] _thresholds;

    // One mask for 64 sums: a negative scale turns the comparison round.
    private readonly ulong[] _inverted;

    /// <summary>Finds the thresholds, in double precision.</summary>
    /// <param name="scale">The factor of each sum.</param>
    /// <param name="offset">The addend of each sum.</param>
    /// <param name="low">The least value before its sign is taken.</param>
    /// <param name="high">The greatest.</param>
    public SignThresholds(ReadOnlySpan<double> scale, ReadOnlySpan<double> offset, float low, float high)
    {
        int blocks = (scale.Length + Block - 1) / Block;
        (_thresholds, _inverted) = (new int[blocks * Block], new ulong[blocks]);
        for (int j = 0; j < scale.Length; j++)
        {
            (int threshold, bool isInverted) = Of(scale[j], offset[j], low, high);
            _thresholds[j] = threshold;
            if (isInverted) _inverted[j / Block] |= 1UL << j % Block;
        }
    }

    /// <summary>The threshold of one sum, and whether its bit is 1 below it, and not from it on.</summary>
    public (int Threshold, bool IsInverted) At(int j) =>
        (_thresholds[j], (_inverted[j / Block] >> j % Block & 1) != 0);

    /// <summary>Takes the signs of one row.</summary>
    /// <param name="sums">z, one for each scale; none is the least or the greatest integer.</param>
    /// <param name="bits">⌈m/8⌉ bytes: bit i of byte j is sum 8·j + i; bits after the last are 0.</param>
    public void Apply(ReadOnlySpan<int> sums, Span<byte> bits)
    {
        ref int z = ref MemoryMarshal.GetReference(sums);
        ref int threshold = ref MemoryMarshal.GetArrayDataReference(_thresholds);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bits)[..(sums.Length / Block)];
        int lanes = Vector512<int>.Count;
        for (int i = 0; i < words.Length; i++)
        {
            ulong reached = Reached(ref z, ref threshold)
                | Reached(ref Unsafe.Add(ref z, lanes), ref Unsafe.Add(ref threshold, lanes)) << lanes
                | Reached(ref Unsafe.Add(ref z, 2 * lanes), ref Unsafe.Add(ref threshold, 2 * lanes)) << 2 * lanes
                | Reached(ref Unsafe.Add(ref z, 3 * lanes), ref Unsafe.Add(ref threshold, 3 * lanes)) << 3 * lanes;
            words[i] = reached ^ _inverted[i];
            z = ref Unsafe.Add(ref z, Block);
            threshold = ref Unsafe.Add(ref threshold, Block);
        }

        if (words.Length * Block < sums.Length) ApplyScalar(sums, bits, words.Length * Block);
    }

    /// <summary>The definition of <see cref="Apply"/>, from a multiple of 64 sums on.</summary>
    public void ApplyScalar(ReadOnlySpan<int> sums, Span<byte> bits, int first = 0)
    {
        bits[(first / 8)..].Clear();
        for (int j = first; j < sums.Length; j++)
        {
            (int threshold, bool isInverted) = At(j);
            if (sums[j] >= threshold != isInverted) bits[j / 8] |= (byte)(1 << j % 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reached(ref int sums, ref int thresholds) => Vector512.GreaterThanOrEqual(
        Vector512.LoadUnsafe(ref sums), Vector512.LoadUnsafe(ref thresholds)).ExtractMostSignificantBits();

    // The least sum whose value is not negative; of a negative scale, the least whose value is negative, inverted. The
    // product of a sum and a float has at most 56 bits, and a sum of doubles has the right sign.
    private static (int Threshold, bool IsInverted) Of(double scale, double offset, float low, float high)
    {
        if (low >= 0) return (int.MaxValue, true);
        if (high < 0) return (int.MaxValue, false);
        if (scale == 0) return (int.MaxValue, offset >= 0);
        bool isInverted = scale < 0;
        long threshold = (long)Math.Clamp(Math.Ceiling(-offset / scale), int.MinValue, int.MaxValue);
        bool Reaches(long sum) => sum * scale + offset >= 0 != isInverted;
        while (threshold > int.MinValue && Reaches(threshold - 1)) threshold--;
        while (threshold < int.MaxValue && !Reaches(threshold)) threshold++;
        return ((int)threshold, isInverted);
    }
}
