using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>Loops over short rows, several at a time: a call of TensorPrimitives for each would cost more.</summary>
internal static class ShortRows
{
    // Blocks of whole short rows have at most this many values.
    private const int BlockLength = 256;

    /// <summary>Effectively computes values[i, j] = values[i, j] · scale + offsets[j].</summary>
    [SkipLocalsInit]
    public static void ScaleAndAdd(Span<float> values, float scale, ReadOnlySpan<float> offsets)
    {
        Span<float> repeated = stackalloc float[BlockLength];
        ReadOnlySpan<float> block =
            offsets.Length > BlockLength / 2 ? offsets : Repeat(offsets, repeated[..Math.Min(BlockLength, values.Length)]);
        while (!values.IsEmpty)
        {
            Span<float> part = values[..Math.Min(block.Length, values.Length)];
            TensorPrimitives.MultiplyAdd(part, scale, block[..part.Length], part);
            values = values[part.Length..];
        }
    }

    /// <summary>Effectively computes values[i] = integer(values[i]), where each value's bits hold an integer.</summary>
    public static void IntegersToFloats(Span<float> values)
    {
        // With narrower registers, the JIT splits one of 512 bits into two or four.
        ref float first = ref MemoryMarshal.GetReference(values);
        int i = 0, whole = values.Length - values.Length % Vector512<float>.Count;
        for (; i < whole; i += Vector512<float>.Count)
            Vector512.ConvertToSingle(Vector512.LoadUnsafe(ref first, (nuint)i).AsInt32()).StoreUnsafe(ref first, (nuint)i);

        for (; i < values.Length; i++) values[i] = BitConverter.SingleToInt32Bits(values[i]);
    }

    /// <summary>Effectively computes sums[j] = Σ_i values[i, j].</summary>
    public static void Sum(ReadOnlySpan<float> values, Span<float> sums)
    {
        // Sums blocks of several rows first, then the rows of the summed block.
        int several = Math.Max(1, BlockLength / sums.Length);
        Span<float> partial = stackalloc float[BlockLength];
        sums.Clear();
        Span<float> block = several == 1 ? sums : partial[..(several * sums.Length)];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> part = values[..Math.Min(block.Length, values.Length)];
            TensorPrimitives.Add(block[..part.Length], part, block[..part.Length]);
            values = values[part.Length..];
        }

        if (several > 1) SumRows(block, sums);
    }

    // sums[j] = Σ_i values[i, j] for [rows, columns], four columns a register. The last register starts at columns − 4,
    // and overlaps the one before. Fewer than four columns take the scalar loop, which needs sums of 0.
    private static void SumRows(ReadOnlySpan<float> values, Span<float> sums)
    {
        ref float first = ref MemoryMarshal.GetReference(values), target = ref MemoryMarshal.GetReference(sums);
        int columns = sums.Length, four = Vector128<float>.Count;
        if (columns < four)
        {
            for (int i = 0; i < values.Length; i++) sums[i % columns] += values[i];
            return;
        }

        for (int j = 0; j < columns; j += four)
        {
            int column = Math.Min(j, columns - four);
            Vector128<float> sum = Vector128<float>.Zero;
            for (int i = column; i < values.Length; i += columns) sum += Vector128.LoadUnsafe(ref first, (nuint)i);
            sum.StoreUnsafe(ref target, (nuint)column);
        }
    }

    // Fills the destination with whole copies of a row: the filled part doubles in every iteration.
    private static ReadOnlySpan<float> Repeat(ReadOnlySpan<float> row, Span<float> destination)
    {
        int length = destination.Length - destination.Length % row.Length, filled = Math.Min(row.Length, length);
        row[..filled].CopyTo(destination);
        while (filled < length)
        {
            int more = Math.Min(filled, length - filled);
            destination[..more].CopyTo(destination[filled..]);
            filled += more;
        }

        return destination[..length];
    }
}
