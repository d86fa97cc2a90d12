using System.Collections;
using System.Runtime.CompilerServices;

namespace BinaryConnect.Training.Reports;

/// <summary>
/// The rows of a report as they were at one step. A list never changes, even while its run continues, and any number of
/// threads may read it. It is a view: an array that the run appends to, and the number of its own rows.
/// </summary>
/// <typeparam name="T">A row: a step, an evaluation or a change of rate.</typeparam>
public readonly record struct ReportList<T> : IReadOnlyList<T>
{
    private readonly T[]? _rows;

    internal ReportList(T[] rows, int count)
    {
        _rows = rows;
        Count = count;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>One row.</summary>
    /// <param name="index">The number of the row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="index"/> is negative, or not below <see cref="Count"/>.
    /// </exception>
    public T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count) ThrowIndex(index);
            return _rows![index];
        }
    }

    /// <summary>Enumerates the rows in order, and allocates nothing.</summary>
    /// <returns>An enumerator before the first row.</returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowIndex(int index) =>
        throw new ArgumentOutOfRangeException(
            nameof(index), $"'index' is {index:N0}; it must be at least 0 and below the count, {Count:N0}.");

    /// <summary>Enumerates the rows of a list in order.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly ReportList<T> _list;
        private int _index = -1;

        internal Enumerator(ReportList<T> list) => _list = list;

        /// <summary>The row at the enumerator's position.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is before the first row, or after the last.</exception>
        public readonly T Current => _list[_index];

        readonly object? IEnumerator.Current => Current;

        /// <summary>Moves to the next row.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            if (_index < _list.Count) _index++;
            return _index < _list.Count;
        }

        /// <summary>Moves back before the first row.</summary>
        public void Reset() => _index = -1;

        /// <summary>Does nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
