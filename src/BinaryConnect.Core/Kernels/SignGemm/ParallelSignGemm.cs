using BinaryConnect.Threading;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// A <see cref="SignGemm"/> on several threads, by parts of the rows. Where the rows do not divide evenly among the
/// threads, by parts of the outputs too. It belongs to one caller.
/// </summary>
/// <param name="split">The threads.</param>
/// <param name="scratch">
/// The work space of each thread, <see cref="SignGemm.WorkLength"/> of the largest layout.
/// </param>
internal sealed class ParallelSignGemm(WorkerPool split, Memory<float>[] scratch) : IParallelWork
{
    private ReadOnlyMemory<float> _x;
    private ReadOnlyMemory<uint> _signs;
    private Memory<float> _z;
    private SignLayout _layout;
    private float _bound;
    private int _rows, _rowParts, _outputParts;

    /// <summary>
    /// Effectively computes z[i, j] = bound · Σ_k s[j, k] · x[i, k] for x [rows, inputs], z [rows, outputs] and the
    /// signs s that <paramref name="signs"/> holds in <paramref name="layout"/>. z overlaps neither.
    /// </summary>
    public void Multiply(
        ReadOnlyMemory<float> x, ReadOnlyMemory<uint> signs, SignLayout layout, float bound, Memory<float> z, int rows)
    {
        (_x, _signs, _layout, _bound, _z, _rows) = (x, signs, layout, bound, z, rows);
        // With few inputs, most of the work is writing the outputs.
        long multiplyAdds =
            Math.Max(layout.Inputs, WorkerPool.MultiplyAddsPerValue) * rows * layout.Tiles * SignLayout.TileOutputs;
        int degree = split.Degree;
        _rowParts = split.Parts(rows, SignGemm.RowStep, multiplyAdds);
        _outputParts = _rowParts % degree == 0
            ? 1
            : WorkerPool.Worthwhile(multiplyAdds / _rowParts, Math.Min(degree, layout.Tiles));
        split.Run(this, _rowParts * _outputParts);
        (_x, _signs, _z) = (default, default, default);
    }

    void IParallelWork.Run(int part, int thread)
    {
        (int start, int end) = WorkRange.Of(_rows, SignGemm.RowStep, part / _outputParts, _rowParts);
        (int firstTile, int endTile) = WorkRange.Of(_layout.Tiles, step: 1, part % _outputParts, _outputParts);
        ReadOnlySpan<float> x = _x.Span[(start * _layout.Inputs)..(end * _layout.Inputs)];
        Span<float> z = _z.Span[(start * _layout.Outputs)..(end * _layout.Outputs)];
        SignGemm.Multiply(x, _signs.Span, _layout, _bound, z, scratch[thread].Span, firstTile, endTile);
    }
}
