using System.Numerics;
using System.Runtime.CompilerServices;

namespace BinaryConnect.Kernels;

/// <summary>
/// The cache lines of rows that are used next and may lie far from any cache. A loop that computes asks for one at a time: all
/// at once would be more than a core has under way.
/// </summary>
internal ref struct LinesAhead
{
    private const int Line = 64;
    private const int PagesAtOnce = 32;

    private readonly ByteRows _rows;
    private readonly int _linesOfRow;
    private ref byte _next;
    private readonly int _mask;
    private int _left;
    private int _row;
    private int _known;

    /// <summary>Begins with the first line of the first row, for a loop of so many turns.</summary>
    public LinesAhead(ByteRows rows, int turns)
    {
        _rows = rows;
        _linesOfRow = (rows.Width + Line - 1) / Line;
        _mask = -1;
        if (rows.Count == 0) return;
        int lines = rows.Count * _linesOfRow, period = Math.Max(1, (turns + lines / 2) / lines);
        _mask = (1 << BitOperations.Log2((uint)period)) - 1;
        _left = _linesOfRow;
        _next = ref rows.Start(0);
    }

    /// <summary>Asks for the next line, if one is left, in as many turns as spread them over the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask(int turn)
    {
        if ((turn & _mask) == 0 && _left > 0) Ask();
    }

    /// <summary>Asks for every line that is left, after a loop of fewer turns than lines.</summary>
    public void AskForRest()
    {
        while (_left > 0) Ask();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask()
    {
        Prefetch.Line(ref _next);
        _next = ref Unsafe.Add(ref _next, Line);
        _left--;
        if (_left > 0 || ++_row == _rows.Count) return;
        _left = _linesOfRow;
        _next = ref _rows.Start(_row);
    }

    /// <summary>
    /// Asks for the pages of the next rows together. A page that was not used lately takes a walk through the page tables; a
    /// core does several at the same time, but little else while it waits for one.
    /// </summary>
    public void AskForPages()
    {
        for (int end = Math.Min(_row + PagesAtOnce, _rows.Count); _known < end; _known++)
        {
            Prefetch.Line(ref _rows.Start(_known));
            Prefetch.Line(ref Unsafe.Add(ref _rows.Start(_known), _rows.Width - 1));
        }
    }
}
