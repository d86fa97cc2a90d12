using System.Numerics.Tensors;

namespace BinaryConnect.Kernels;

/// <summary>Some columns of a matrix of <paramref name="Rows"/> rows of <paramref name="Width"/> values: those from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
internal readonly record struct Columns(int Rows, int Width, int Start, int End)
{
    /// <summary>These columns' part of a vector that has a value for every column.</summary>
    public Span<float> Of(Span<float> vector) => vector[Start..End];

    /// <summary>These columns of one row.</summary>
    public Span<float> Row(Span<float> matrix, int row) => matrix.Slice(row * Width + Start, End - Start);

    /// <inheritdoc cref="Row(Span{float}, int)"/>
    public ReadOnlySpan<float> Row(ReadOnlySpan<float> matrix, int row) => matrix.Slice(row * Width + Start, End - Start);

    /// <summary>Effectively computes sums[j] = Σ_i matrix[i, Start + j].</summary>
    public void Sum(ReadOnlySpan<float> matrix, Span<float> sums)
    {
        if (Width == sums.Length)
        {
            Kernels.Rows.Sum(matrix[..(Rows * Width)], sums);
            return;
        }

        sums.Clear();
        for (int i = 0; i < Rows; i++) TensorPrimitives.Add(sums, Row(matrix, i), sums);
    }
}
