using System.Numerics.Tensors;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// Mean and biased variance of every column of a matrix [rows, columns]. Each block of rows gets its own moments, and
/// Join combines them by the parallel update of Chan, Golub and LeVeque (1979). All sums are of distances from one row,
/// the origin: a float sum of the values is inaccurate where the mean is large against the spread.
/// </summary>
internal sealed class ColumnMoments(int columns, int mostBlocks)
{
    private readonly int[] _counts = new int[mostBlocks];
    private readonly float[] _means = new float[mostBlocks * columns];
    private readonly float[] _squares = new float[mostBlocks * columns];
    private readonly float[] _centers = new float[mostBlocks * columns];
    private readonly float[] _distances = new float[mostBlocks * columns];

    /// <summary>
    /// Adds a block of rows [rows, columns], as distances from <paramref name="origin"/>. Blocks may be added
    /// concurrently.
    /// </summary>
    public void Add(int block, ReadOnlySpan<float> rows, ReadOnlySpan<float> origin)
    {
        Span<float> mean = Of(_means, block), squares = Of(_squares, block);
        Span<float> center = Of(_centers, block), distance = Of(_distances, block);
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

        // The squares are about the rounded center: Σ(x − mean)² = Σ(x − center)² − count · (center − mean)².
        TensorPrimitives.Subtract(origin, center, center);
        TensorPrimitives.Add(center, mean, center);
        AddSquares(center, -count, squares);
    }

    /// <summary>
    /// Computes mean[j] and variance[j] of all rows of the first blocks, which were added with this
    /// <paramref name="origin"/>.
    /// </summary>
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

    // Effectively computes sums[j] += count · values[j]², and overwrites the values.
    private static void AddSquares(Span<float> values, int count, Span<float> sums)
    {
        TensorPrimitives.Multiply(values, values, values);
        TensorPrimitives.MultiplyAdd(values, count, sums, sums);
    }

    private Span<float> Of(float[] blocks, int block) => blocks.AsSpan(block * columns, columns);
}
