using BinaryConnect.Threading;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// A <see cref="SignGemm"/> on several threads, each of which takes some rows after others; where the rows cannot be shared out evenly,
/// some of the outputs of some rows. It belongs to one caller.
/// </summary>
/// <param name="split">The threads.</param>
/// <param name="scratch">Work space for each thread, <see cref="SignGemm.WorkLength"/> of the largest layout.</param>
internal sealed class ParallelSignGemm(WorkerPool split, Memory<float>[] scratch) : IParallelWork
{
    private ReadOnlyMemory<float> _x;
    private ReadOnlyMemory<uint> _signs;
    private Memory<float> _z;
    private SignLayout _layout;
    private float _bound;
    private int _rows, _rowParts, _outputParts;

    /// <inheritdoc cref="SignGemm.Multiply(ReadOnlySpan{float}, ReadOnlySpan{uint}, SignLayout, float, Span{float}, Span{float})"/>
    public void Multiply(ReadOnlyMemory<float> x, ReadOnlyMemory<uint> signs, SignLayout layout, float bound, Memory<float> z, int rows)
    {
        (_x, _signs, _layout, _bound, _z, _rows) = (x, signs, layout, bound, z, rows);
        // Where inputs are few, to write the outputs is most of the work.
        long multiplyAdds = Math.Max(layout.Inputs, WorkerPool.MultiplyAddsPerValue) * rows * layout.Tiles * SignLayout.TileOutputs;
        int degree = split.Degree;
        _rowParts = split.Parts(rows, SignGemm.RowStep, multiplyAdds);
        _outputParts = _rowParts % degree == 0 ? 1 : WorkerPool.Worthwhile(multiplyAdds / _rowParts, Math.Min(degree, layout.Tiles));
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
