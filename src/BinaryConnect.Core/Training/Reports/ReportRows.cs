using System.Collections;

namespace BinaryConnect.Training.Reports;

/// <summary>
/// Rows that one thread appends and any thread may read through a view. A row is written once, before any view counts
/// it. A full array is left to its views. So the content of a view never changes.
/// </summary>
internal sealed class ReportRows<T>(int capacity = 0) : IReadOnlyList<T>
{
    private const int LeastGrowth = 4;

    private T[] _rows = capacity == 0 ? [] : new T[capacity];

    public int Count { get; private set; }

    public T this[int index] => View[index];

    /// <summary>The rows so far, without those that follow.</summary>
    public ReportList<T> View => new(_rows, Count);

    /// <summary>Appends a row. It allocates only if the array is full; the new one is twice as long.</summary>
    public void Add(T row)
    {
        if (Count == _rows.Length)
        {
            // Not Array.Resize of the field: no view may see an array that is not filled yet.
            var longer = new T[(int)Math.Min(Math.Max(2L * Count, LeastGrowth), Array.MaxLength)];
            _rows.CopyTo(longer, 0);
            _rows = longer;
        }

        _rows[Count++] = row;
    }

    public IEnumerator<T> GetEnumerator() => View.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
