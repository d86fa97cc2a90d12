using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels;

/// <summary>
/// Copies the rows of the next batch a cache line at a time, in a loop that computes and has little else to load and to store. A line is asked for
/// some rows before it is copied, one after the other: all at once would be more than a core has under way.
/// </summary>
internal ref struct LinesAhead
{
    private const int Line = 64;
    private const int RowsUnderWay = 8;

    private readonly NextRows _next;
    private readonly int _rows, _last, _mask, _stride;
    private readonly ref byte _copies;
    private ref byte _asked, _from, _to;
    private int _at, _row;

    /// <summary>Begins with the first line of the first row, for a loop of so many turns. Rows shorter than a line are left to whoever needs them.</summary>
    public LinesAhead(NextRows next, int turns)
    {
        _next = next;
        _mask = -1;
        if (next.Rows.Count == 0 || next.Rows.Width < Line) return;
        _rows = next.Rows.Count + RowsUnderWay;
        _last = next.Rows.Width - Line;
        int lines = _rows * ((next.Rows.Width + Line - 1) / Line), period = Math.Max(1, (turns + lines / 2) / lines);
        _mask = (1 << BitOperations.Log2((uint)period)) - 1;
        _copies = ref next.Copies.Start(0);
        _stride = next.Copies.Stride;
        BeginRow();
    }

    /// <summary>Goes on by a line, if one is left, in as many turns as spread them over the loop.</summary>
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
        if (_rows == 0) return;
        while (_row < _rows) Ask();
        _next.Copies.AreComplete = true;
    }

    // The last line of a row overlaps the one before it, unless a row is whole lines.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask()
    {
        Prefetch.Line(ref Unsafe.Add(ref _asked, _at));
        Vector512.LoadUnsafe(ref _from, (nuint)_at).StoreUnsafe(ref _to, (nuint)_at);
        if (_at < _last)
        {
            _at = Math.Min(_at + Line, _last);
            return;
        }

        _at = 0;
        _row++;
        BeginRow();
    }

    // Before there is a row to copy, and after there is one to ask for, another takes its place to no effect. A call here would have the loop
    // write its sums to memory in each turn.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginRow()
    {
        int copied = _row - RowsUnderWay;
        _to = ref Unsafe.Add(ref _copies, Math.Max(0, copied) * _stride);
        _from = ref copied < 0 ? ref _to : ref _next.Rows.Start(Math.Min(copied, _next.Rows.Count - 1));
        _asked = ref _row < _next.Rows.Count ? ref _next.Rows.Start(_row) : ref _to;
    }
}
