using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Rows;

/// <summary>
/// Copies the rows of the next batch, two cache lines at a time, inside a compute loop with few loads and stores.
/// It prefetches lines some rows before it copies them: all at once would exceed the misses a core can have in flight.
/// </summary>
/// <remarks>
/// A step prefetches 128 bytes of row r + 8 and copies 128 bytes of row r. The last step of a row ends at the row's
/// end, and so may overlap the one before. Effectively copies[r, ..] = table[numbers[r], ..] for every r.
/// </remarks>
internal ref struct RowPrefetcher
{
    /// <summary>The bytes of one step. Shorter rows are not copied.</summary>
    public const int StepLength = 2 * Line;

    private const int Line = AlignedBuffer.Alignment;
    private const int RowsUnderWay = 8;

    private readonly RowBuffer? _copies;
    private readonly ref byte _table, _firstCopy;
    private readonly ref int _numbers;
    private readonly int _count, _width, _rows, _last, _mask, _copyStride;
    private ref byte _prefetched, _from, _to;
    private int _at, _row;

    /// <summary>Begins with the first lines of the first row, for a loop of that many iterations.</summary>
    public RowPrefetcher(NextBatchRows next, long iterations)
    {
        _mask = -1;
        if (next.Count == 0 || next.Width < StepLength) return;
        _table = ref next.Table;
        _numbers = ref next.Numbers;
        _count = next.Count;
        _width = next.Width;
        _rows = next.Count + RowsUnderWay;
        _last = next.Width - StepLength;
        int steps = _rows * ((next.Width + StepLength - 1) / StepLength);
        int period = (int)Math.Clamp((iterations + steps / 2) / steps, 1, int.MaxValue);
        _mask = (1 << BitOperations.Log2((uint)period)) - 1;
        _copies = next.Copies;
        _firstCopy = ref next.Copies.Start(0);
        _copyStride = next.Copies.Stride;
        BeginRow();
    }

    /// <summary>Does one step, if any is left, every 2ᵏ iterations, which spreads the steps over the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(int iteration)
    {
        if ((iteration & _mask) == 0 && _row < _rows) Step();
    }

    /// <summary>Does steps until the share of rows done is that of the loop, done / all.</summary>
    public void KeepUp(int done, int all)
    {
        while (_row < (long)_rows * done / all) Step();
    }

    /// <summary>Copies the rest.</summary>
    public void Finish()
    {
        if (_copies is null) return;
        while (_row < _rows) Step();
        _copies.Count = _count;
    }

    // The last step of a row overlaps the one before, unless the row is a multiple of 128 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step()
    {
        int at = _at;
        ref byte prefetched = ref Unsafe.Add(ref _prefetched, at);
        ref byte from = ref Unsafe.Add(ref _from, at), to = ref Unsafe.Add(ref _to, at);
        Prefetch.Line(ref prefetched);
        Prefetch.Line(ref Unsafe.Add(ref prefetched, Line));
        Vector512.LoadUnsafe(ref from).StoreUnsafe(ref to);
        Vector512.LoadUnsafe(ref from, Line).StoreUnsafe(ref to, Line);
        if (at < _last)
        {
            _at = Math.Min(at + StepLength, _last);
            return;
        }

        _at = 0;
        _row++;
        BeginRow();
    }

    // Before the first row to copy, and after the last one to prefetch, another row stands in, to no effect.
    // Keep this inlined: a call would spill the caller's accumulators in every iteration.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginRow()
    {
        int copied = _row - RowsUnderWay;
        _to = ref Unsafe.Add(ref _firstCopy, Math.Max(0, copied) * _copyStride);
        _from = ref copied < 0 ? ref _to : ref Start(Math.Min(copied, _count - 1));
        _prefetched = ref _row < _count ? ref Start(_row) : ref _to;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref byte Start(int row) => ref Unsafe.Add(ref _table, (nint)Unsafe.Add(ref _numbers, row) * _width);
}
