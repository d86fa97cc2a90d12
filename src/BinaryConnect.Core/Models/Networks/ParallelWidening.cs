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

    /// <summary>The same on the caller's thread alone.</summary>
    public static void Widen(ByteRows rows, float scale, float shift, Span<float> destination)
    {
        for (int i = 0; i < rows.Count; i++)
            ByteToFloat.Widen(rows[i], scale, shift, destination.Slice(i * rows.Width, rows.Width));
    }

    void IParallelWork.Run(int part, int thread)
    {
        ByteRows rows = _rows.Rows;
        (int start, int end) = _blocks[part];
        Widen(rows.Slice(start, end), _scale, _shift, _destination.Span[(start * rows.Width)..]);
    }
}
