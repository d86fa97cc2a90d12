using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Rows;

/// <summary>
/// Copies the rows of the next batch two cache lines at a time, in a loop that computes and has little else to load and to store. Lines are asked for
/// some rows before they are copied, one after the other: all at once would be more than a core has under way.
/// </summary>
internal ref struct RowPrefetcher
{
    /// <summary>How many bytes are copied at a time; shorter rows are left to whoever needs them.</summary>
    public const int Stretch = 2 * Line;

    private const int Line = AlignedBuffer.Alignment;
    private const int RowsUnderWay = 8;

    private readonly RowBuffer? _copies;
    private readonly ref byte _table, _firstCopy;
    private readonly ref int _numbers;
    private readonly int _count, _width, _rows, _last, _mask, _copyStride;
    private ref byte _asked, _from, _to;
    private int _at, _row;

    /// <summary>Begins with the first lines of the first row, for a loop of so many turns.</summary>
    public RowPrefetcher(NextBatchRows next, long turns)
    {
        _mask = -1;
        if (next.Count == 0 || next.Width < Stretch) return;
        _table = ref next.Table;
        _numbers = ref next.Numbers;
        _count = next.Count;
        _width = next.Width;
        _rows = next.Count + RowsUnderWay;
        _last = next.Width - Stretch;
        int stretches = _rows * ((next.Width + Stretch - 1) / Stretch);
        int period = (int)Math.Clamp((turns + stretches / 2) / stretches, 1, int.MaxValue);
        _mask = (1 << BitOperations.Log2((uint)period)) - 1;
        _copies = next.Copies;
        _firstCopy = ref next.Copies.Start(0);
        _copyStride = next.Copies.Stride;
        BeginRow();
    }

    /// <summary>Goes on by two lines, if any are left, in as many turns as spread them over the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask(int turn)
    {
        if ((turn & _mask) == 0 && _row < _rows) Ask();
    }

    /// <summary>Goes on until as large a share of the rows is done as of the loop.</summary>
    public void KeepUp(int done, int all)
    {
        while (_row < (long)_rows * done / all) Ask();
    }

    /// <summary>Copies whatever is left.</summary>
    public void Finish()
    {
        if (_copies is null) return;
        while (_row < _rows) Ask();
        _copies.Count = _count;
    }

    // The last stretch of a row overlaps the one before it, unless a row is whole stretches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask()
    {
        int at = _at;
        ref byte asked = ref Unsafe.Add(ref _asked, at), from = ref Unsafe.Add(ref _from, at), to = ref Unsafe.Add(ref _to, at);
        Prefetch.Line(ref asked);
        Prefetch.Line(ref Unsafe.Add(ref asked, Line));
        Vector512.LoadUnsafe(ref from).StoreUnsafe(ref to);
        Vector512.LoadUnsafe(ref from, Line).StoreUnsafe(ref to, Line);
        if (at < _last)
        {
            _at = Math.Min(at + Stretch, _last);
            return;
        }

        _at = 0;
        _row++;
        BeginRow();
    }

    // Before there is a row to copy, and after the last one to prefetch, another row takes its place to no effect.
    // Keep this inlined: a call would spill the caller's accumulators in every iteration.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginRow()
    {
        int copied = _row - RowsUnderWay;
        _to = ref Unsafe.Add(ref _firstCopy, Math.Max(0, copied) * _copyStride);
        _from = ref copied < 0 ? ref _to : ref Start(Math.Min(copied, _count - 1));
        _asked = ref _row < _count ? ref Start(_row) : ref _to;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref byte Start(int row) => ref Unsafe.Add(ref _table, (nint)Unsafe.Add(ref _numbers, row) * _width);
}
