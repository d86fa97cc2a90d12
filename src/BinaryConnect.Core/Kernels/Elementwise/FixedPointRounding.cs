using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// Rounds scaled integer sums to bytes in integers alone, so that every machine has the same result:
/// q[j] = clamp((z[j] · factor[j] + offset[j]) ≫ shift, low, high), with offsets of 64 bits.
/// </summary>
internal sealed class FixedPointRounding
{
    private const int Block = 16, FactorBits = 30, MostShift = 40;
    private const double MostOffset = 1L << 61;

    private readonly int[] _factors;

    // In blocks of 16: the 8 of even sums, then the 8 of odd ones.
    private readonly long[] _offsets;
    private readonly int _shift;
    private readonly byte _low, _high;

    /// <summary>
    /// Approximates q[j] = clamp(⌊z[j] · scale[j] + offset[j] + ½⌋, low, high). The factor of the greatest scale has 30
    /// bits.
    /// </summary>
    public FixedPointRounding(ReadOnlySpan<double> scale, ReadOnlySpan<double> offset, byte low, byte high)
    {
        double greatest = 0;
        foreach (double value in scale) greatest = Math.Max(greatest, Math.Abs(value));
        _shift = greatest == 0 ? MostShift : Math.Clamp(FactorBits - 1 - Math.ILogB(greatest), 0, MostShift);
        double one = Math.ScaleB(1, _shift);
        int padded = (scale.Length + Block - 1) / Block * Block;
        (_factors, _offsets, _low, _high) = (new int[padded], new long[padded], low, high);
        for (int j = 0; j < scale.Length; j++)
        {
            _factors[j] = (int)Math.Clamp(Math.Round(scale[j] * one), int.MinValue, int.MaxValue);
            _offsets[OffsetOf(j)] = (long)Math.Clamp(Math.Round((offset[j] + 0.5) * one), -MostOffset, MostOffset);
        }
    }

    /// <summary>The bits that every product and offset is shifted by.</summary>
    public int Shift => _shift;

    /// <summary>The least byte.</summary>
    public byte Low => _low;

    /// <summary>The greatest byte.</summary>
    public byte High => _high;

    /// <summary>The factor and the offset of one sum.</summary>
    public (int Factor, long Offset) At(int j) => (_factors[j], _offsets[OffsetOf(j)]);

    /// <summary>Rounds the sums of one row.</summary>
    /// <param name="sums">z, one for each factor.</param>
    /// <param name="bytes">q, as long.</param>
    public void Round(ReadOnlySpan<int> sums, Span<byte> bytes)
    {
        int whole = Avx512F.IsSupported ? sums.Length / Block * Block : 0;
        if (whole > 0) RoundBlocks(sums[..whole], bytes);
        RoundScalar(sums, bytes, whole);
    }

    /// <summary>The definition of <see cref="Round"/>, from one sum on.</summary>
    public void RoundScalar(ReadOnlySpan<int> sums, Span<byte> bytes, int first = 0)
    {
        for (int j = first; j < sums.Length; j++)
        {
            long value = ((long)sums[j] * _factors[j] + _offsets[OffsetOf(j)]) >> _shift;
            bytes[j] = (byte)Math.Clamp(value, _low, _high);
        }
    }

    private static int OffsetOf(int j) => j / Block * Block + j % 2 * (Block / 2) + j % Block / 2;

    // The products of 32-bit integers have 64 bits: those of even lanes, then those of odd lanes.
    private void RoundBlocks(ReadOnlySpan<int> sums, Span<byte> bytes)
    {
        ref int z = ref MemoryMarshal.GetReference(sums);
        ref int factors = ref MemoryMarshal.GetArrayDataReference(_factors);
        ref long offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        for (nuint j = 0; j < (nuint)sums.Length; j += Block)
        {
            Vector512<int> sum = Vector512.LoadUnsafe(ref z, j), factor = Vector512.LoadUnsafe(ref factors, j);
            Vector512<int> oddSum = (sum.AsInt64() >>> 32).AsInt32(), oddFactor = (factor.AsInt64() >>> 32).AsInt32();
            Vector512<long> even = Clamp(Avx512F.Multiply(sum, factor) + Vector512.LoadUnsafe(ref offsets, j));
            Vector512<long> odd = Clamp(Avx512F.Multiply(oddSum, oddFactor) + Vector512.LoadUnsafe(ref offsets, j + Block / 2));
            Vector512<int> joined = (even | odd << 32).AsInt32();
            Avx512F.ConvertToVector128Byte(joined).StoreUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), j));
        }
    }

    private Vector512<long> Clamp(Vector512<long> values) =>
        Vector512.Min(Vector512.Max(values >> _shift, Vector512.Create((long)_low)), Vector512.Create((long)_high));
}
