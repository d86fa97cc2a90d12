using System.Buffers;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Products;

namespace BinaryConnect.Models;

/// <summary>
/// A matrix S [m, f] of +1 and −1, one bit each, and its products with float matrices: the products that
/// <see cref="Layers.BinaryDense"/> runs on. While nobody packs, any number of threads may multiply.
/// </summary>
public sealed class SignMatrix
{
    private readonly SignLayout _layout;
    private readonly Memory<uint> _signs, _transposedSigns;
    private readonly int _workLength;

    /// <summary>Makes a matrix of −1.</summary>
    /// <param name="rows">m, from 1 to 67,108,864.</param>
    /// <param name="columns">f, from 1 to 67,108,864; at most 1,073,741,824 signs.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public SignMatrix(int rows, int columns)
    {
        Guard.AtLeast(rows, 1, nameof(rows));
        Guard.AtLeast(columns, 1, nameof(columns));
        Guard.AtMost(rows, PackedWeights.MostUnits, nameof(rows));
        Guard.AtMost(columns, PackedWeights.MostUnits, nameof(columns));
        Guard.Product(rows, columns, PackedWeights.MostWeights, nameof(rows), nameof(columns));
        _layout = new SignLayout(rows, columns);
        _signs = AlignedBuffer.Allocate<uint>(_layout.Length);
        _transposedSigns = AlignedBuffer.Allocate<uint>(_layout.Transposed.Length);
        _workLength = Math.Max(SignGemm.WorkLength(_layout), SignGemm.WorkLength(_layout.Transposed));
    }

    /// <summary>m.</summary>
    public int Rows => _layout.Outputs;

    /// <summary>f.</summary>
    public int Columns => _layout.Inputs;

    /// <summary>Effectively sets <c>S[j, k] = weights[j, k] &lt; 0 ? −1 : 1</c>; 0, −0 and NaN give +1.</summary>
    /// <param name="weights">[m, f] row-major.</param>
    /// <exception cref="ArgumentException"><paramref name="weights"/> has another length.</exception>
    public void Pack(ReadOnlySpan<float> weights)
    {
        Guard.Area(weights.Length, Rows, Columns, nameof(weights), "a value for each sign");
        SignPacking.PackRows(weights, 0, _layout, _signs.Span, _transposedSigns.Span);
    }

    /// <summary>
    /// Sets the signs from bits: row by row, ⌈f/8⌉ bytes a row. Bit i of byte j is column 8·j + i, and 1 means +1.
    /// </summary>
    /// <param name="bits">[m, ⌈f/8⌉] bytes. Bits after the last column are not read.</param>
    /// <exception cref="ArgumentException"><paramref name="bits"/> has another length.</exception>
    public void PackBits(ReadOnlySpan<byte> bits)
    {
        int stride = (Columns + 7) / 8;
        Guard.Area(bits.Length, Rows, stride, nameof(bits), "⌈f/8⌉ bytes for each row");
        float[] rows = ArrayPool<float>.Shared.Rent(Math.Min(SignLayout.WordInputs, Rows) * Columns);
        for (int first = 0; first < Rows; first += SignLayout.WordInputs)
        {
            int count = Math.Min(SignLayout.WordInputs, Rows - first);
            for (int i = 0; i < count; i++)
            {
                for (int k = 0; k < Columns; k++)
                    rows[i * Columns + k] = (bits[(first + i) * stride + k / 8] >> (k % 8) & 1) != 0 ? 1 : -1;
            }

            SignPacking.PackRows(rows.AsSpan(0, count * Columns), first, _layout, _signs.Span, _transposedSigns.Span);
        }

        ArrayPool<float>.Shared.Return(rows);
    }

    /// <summary>Effectively computes <c>z[i, j] = scale · Σ_k x[i, k] · S[j, k]</c>.</summary>
    /// <param name="x">[n, f].</param>
    /// <param name="z">[n, m]; apart from <paramref name="x"/>.</param>
    /// <param name="scale">The factor of the sums, positive and finite.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, the spans overlap, or the scale is out of range.
    /// </exception>
    public void Multiply(ReadOnlySpan<float> x, Span<float> z, float scale = 1) =>
        Multiply(x, nameof(x), z, nameof(z), _signs.Span, _layout, scale);

    /// <summary>Effectively computes <c>d[i, k] = scale · Σ_j g[i, j] · S[j, k]</c>.</summary>
    /// <param name="g">[n, m].</param>
    /// <param name="d">[n, f]; apart from <paramref name="g"/>.</param>
    /// <param name="scale">The factor of the sums, positive and finite.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, the spans overlap, or the scale is out of range.
    /// </exception>
    public void MultiplyTransposed(ReadOnlySpan<float> g, Span<float> d, float scale = 1) =>
        Multiply(g, nameof(g), d, nameof(d), _transposedSigns.Span, _layout.Transposed, scale);

    private void Multiply(
        ReadOnlySpan<float> x, string xName, Span<float> z, string zName, ReadOnlySpan<uint> signs, SignLayout layout,
        float scale)
    {
        int rows = Guard.Rows(x.Length, layout.Inputs, xName, "the inputs of a row");
        Guard.Area(z.Length, rows, layout.Outputs, zName, "a row of outputs for each row of inputs");
        Guard.Disjoint(z, x, zName, xName);
        Guard.Positive(scale, nameof(scale));
        float[] work = ArrayPool<float>.Shared.Rent(_workLength);
        int most = SignGemm.MostRows(layout.Outputs);
        for (int start = 0; start < rows; start += most)
        {
            int count = Math.Min(most, rows - start);
            ReadOnlySpan<float> some = x.Slice(start * layout.Inputs, count * layout.Inputs);
            SignGemm.Multiply(some, signs, layout, scale, z.Slice(start * layout.Outputs, count * layout.Outputs), work);
        }

        ArrayPool<float>.Shared.Return(work);
    }
}
