using System.Runtime.InteropServices;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// Bytes by signs without blocks of zeros, against the scalar product: rows with any share of zeros, and the largest
/// sums.
/// </summary>
internal static class SparseByteSignsChecks
{
    private const int MostInner = 1100, MostOutputs = 25;
    private const int Block = 8;
    private const float Bound = 0.5f;
    private static readonly int[] Inners = [1, 7, .. Enumerable.Range(8, 20), 63, 64, 65, 511, 512, 513, 600, 784, MostInner];
    private static readonly int[] Outputs = [1, 7, 8, 9, 10, 11, 12, 13, 23, 24, MostOutputs];
    private static readonly int[] Rows = [0, 1, 2, GuardedRows.Most];
    private static readonly GuardedMemory<byte> Inputs = new(GuardedRows.Most * MostInner);
    private static readonly GuardedMemory<float> Weights = new(MostOutputs * MostInner);
    private static readonly GuardedMemory<sbyte> Signs = new((int)SparseByteSigns.Length(MostInner, MostOutputs));
    private static readonly GuardedMemory<int> Sums = new(GuardedRows.Most * MostOutputs);

    // A row is all 0, all 255, or nonzero in about one of two or four blocks.
    private enum Content
    {
        Zeros,
        Largest,
        Half,
        Quarter,
    }

    public static void Run(Report report)
    {
        if (!NonzeroBlocks.AreSupported) return;
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Start, Side.End])
        {
            foreach (Content content in Enum.GetValues<Content>())
                report.Count($"SparseByteSigns.Multiply, {content}, {side}", EveryShape(content, side));
            report.Count($"SparseByteSigns.TryPack, {side}", Refuses(side));
        }
    }

    private static string? EveryShape(Content content, Side side)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            foreach (int outputs in Outputs)
            {
                // The first output's signs are all alike, so that the largest sums come up.
                float[] weights = Array.ConvertAll(
                    KernelInputs.Uniform(outputs * inner, seed: inner), value => value < 0 ? -Bound : Bound);
                weights.AsSpan(0, inner).Fill(-Bound);
                Span<sbyte> signs = Signs.Take((int)SparseByteSigns.Length(inner, outputs), side);
                if (!SparseByteSigns.TryPack(Weights.Take(weights, side), Bound, signs, inner))
                    fault ??= $"{outputs} outputs, {inner} inner: refused";
                sbyte[] ofScalar = new sbyte[outputs * ByteSignGemm.Stride(inner)];
                ByteSignPacking.Pack(weights, Bound, ofScalar, inner);
                foreach (int rows in Rows)
                {
                    fault ??= Product(
                        new ByteRows(Inputs.Take(Fill(content, rows * inner), side), rows, inner, inner), signs, ofScalar,
                        outputs, side);
                }
            }
        }

        return fault;
    }

    // The rows are the last ones of a batch.
    private static string? Product(ByteRows x, ReadOnlySpan<sbyte> signs, ReadOnlySpan<sbyte> ofScalar, int outputs, Side side)
    {
        const int RowsBefore = 70;
        int[] expected = new int[x.Count * outputs];
        ByteSignGemm.MultiplyScalar(x, ofScalar, expected);
        Span<int> sums = Sums.Take(expected.Length, side);
        sums.Fill(int.MinValue);
        var blocks = new NonzeroBlocks();
        blocks.Reset(RowsBefore + x.Count, x.Width);
        SparseByteSigns.Multiply(x, signs, sums, blocks, RowsBefore);
        string when = $"{x.Count} rows, {outputs} outputs, {x.Width} inner";
        for (int i = 0; i < x.Count; i++)
        {
            for (int word = 0; word < blocks.Words; word++)
            {
                int first = word * NonzeroBlocks.OfWord, some = Math.Min(NonzeroBlocks.OfWord, x.Width / Block - first);
                ulong found = NonzeroBlocks.Find(ref MemoryMarshal.GetReference(x[i][(first * Block)..]), some);
                if (blocks.Word(word, RowsBefore + i) != found)
                    return $"{when}: blocks of row {i}";
            }
        }

        return Compare.Equal(sums, expected, when);
    }

    private static string? Refuses(Side side)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            Span<float> weights = Weights.Take(2 * inner, side);
            Span<sbyte> signs = Signs.Take((int)SparseByteSigns.Length(inner, 2), side);
            weights.Fill(Bound);
            for (int at = 0; at < weights.Length; at++)
            {
                foreach (float other in (ReadOnlySpan<float>)[0, 2 * Bound, float.NaN, float.BitIncrement(-Bound)])
                {
                    weights[at] = other;
                    if (SparseByteSigns.TryPack(weights, Bound, signs, inner))
                        fault ??= $"{inner} inner: {other:R} at {at} passed for a sign";
                }

                weights[at] = at % 2 == 0 ? Bound : -Bound;
            }
        }

        return fault;
    }

    private static byte[] Fill(Content content, int length)
    {
        if (content is Content.Half or Content.Quarter) return BlockInputs.Sparse(length, oneOf: content == Content.Half ? 2 : 4);
        byte[] values = new byte[length];
        values.AsSpan().Fill(content == Content.Largest ? byte.MaxValue : (byte)0);
        return values;
    }
}
