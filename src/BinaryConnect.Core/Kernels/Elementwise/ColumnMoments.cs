using System.Numerics.Tensors;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// Mean and biased variance of every column of a matrix, block by block of its rows, then of all blocks (Chan, Golub, LeVeque, 1979).
/// All is summed up as distances from a row of the matrix: a mean summed up in float is off where it is large beside the spread.
/// </summary>
internal sealed class ColumnMoments(int columns, int mostBlocks)
{
    private readonly int[] _counts = new int[mostBlocks];
    private readonly float[] _means = new float[mostBlocks * columns];
    private readonly float[] _squares = new float[mostBlocks * columns];
    private readonly float[] _centers = new float[mostBlocks * columns];
    private readonly float[] _distances = new float[mostBlocks * columns];

    /// <summary>Takes in a block of rows, whose distances are from <paramref name="origin"/>. Blocks may be taken in at the same time.</summary>
    public void Add(int block, ReadOnlySpan<float> rows, ReadOnlySpan<float> origin)
    {
        Span<float> mean = Of(_means, block), squares = Of(_squares, block), center = Of(_centers, block), distance = Of(_distances, block);
        int count = _counts[block] = rows.Length / columns;
        mean.Clear();
        squares.Clear();
        for (int i = 0; i < rows.Length; i += columns)
        {
            TensorPrimitives.Subtract(rows.Slice(i, columns), origin, distance);
            TensorPrimitives.Add(mean, distance, mean);
        }

        TensorPrimitives.Divide(mean, count, mean);
        TensorPrimitives.Add(origin, mean, center);
        for (int i = 0; i < rows.Length; i += columns)
        {
            TensorPrimitives.Subtract(rows.Slice(i, columns), center, distance);
            TensorPrimitives.MultiplyAdd(distance, distance, squares, squares);
        }

        // By how much the rounded center is off tells by how much the squares are more than those of the mean.
        TensorPrimitives.Subtract(origin, center, center);
        TensorPrimitives.Add(center, mean, center);
        AddSquares(center, -count, squares);
    }

    /// <summary>The moments of the first blocks, each of which has been taken in with this <paramref name="origin"/>.</summary>
    public void Join(int blocks, ReadOnlySpan<float> origin, Span<float> mean, Span<float> variance)
    {
        int rows = 0;
        foreach (int count in _counts.AsSpan(0, blocks)) rows += count;
        mean.Clear();
        variance.Clear();
        for (int block = 0; block < blocks; block++) TensorPrimitives.MultiplyAdd(Of(_means, block), _counts[block], mean, mean);
        TensorPrimitives.Divide(mean, rows, mean);
        for (int block = 0; block < blocks; block++)
        {
            Span<float> distance = Of(_distances, block);
            TensorPrimitives.Subtract(Of(_means, block), mean, distance);
            TensorPrimitives.Add(variance, Of(_squares, block), variance);
            AddSquares(distance, _counts[block], variance);
        }

        TensorPrimitives.Add(origin, mean, mean);
        TensorPrimitives.Divide(variance, rows, variance);
        TensorPrimitives.Max(variance, 0, variance);
    }

    // sums += count · values²; the values give way.
    private static void AddSquares(Span<float> values, int count, Span<float> sums)
    {
        TensorPrimitives.Multiply(values, values, values);
        TensorPrimitives.MultiplyAdd(values, count, sums, sums);
    }

    private Span<float> Of(float[] blocks, int block) => blocks.AsSpan(block * columns, columns);
}
