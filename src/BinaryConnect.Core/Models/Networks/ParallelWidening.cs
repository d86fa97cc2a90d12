using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>
/// Bytes to floats on several threads, each of which begins with the rows that it computes with later on. It belongs to
/// one caller.
/// </summary>
internal sealed unsafe class ParallelWidening : IParallelWork
{
    private PinnedRows _rows;
    private RowBlocks _blocks;
    private float _scale, _shift;
    private Memory<float> _destination;

    /// <summary>Effectively computes destination[i, j] = rows[i, j] · scale + shift, [n, k].</summary>
    public void Widen(ByteRows rows, float scale, float shift, Memory<float> destination, WorkerPool split)
    {
        (_blocks, _scale, _shift, _destination) = (new RowBlocks(rows.Count), scale, shift, destination);
        fixed (byte* first = rows)
        {
            _rows = new PinnedRows(first, rows);
            split.RunRows(this, _blocks, rows.Width);
        }

        _destination = default;
    }

    void IParallelWork.Run(int part, int thread)
    {
        ByteRows rows = _rows.Rows;
        (int start, int end) = _blocks[part];
        for (int i = start; i < end; i++)
            ByteToFloat.Widen(rows[i], _scale, _shift, _destination.Span.Slice(i * rows.Width, rows.Width));
    }
}
