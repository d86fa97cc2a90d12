using System.Collections;
using BinaryConnect.Training.Reports;

namespace BinaryConnect.Tests.Training;

/// <summary>Views of a list to which a run still adds rows.</summary>
internal sealed class ReportListTests
{
    [Test]
    public void A_view_keeps_its_rows_while_more_are_appended([Values(0, 1, 3, 64)] int capacity)
    {
        var rows = new ReportRows<int>(capacity);
        var views = new List<ReportList<int>> { rows.View };
        for (int i = 0; i < 100; i++)
        {
            rows.Add(i);
            views.Add(rows.View);
        }

        for (int count = 0; count <= 100; count++)
        {
            Assert.That(views[count], Has.Count.EqualTo(count));
            Assert.That(views[count].ToArray(), Is.EqualTo(Enumerable.Range(0, count)));
        }

        Assert.That(rows, Has.Count.EqualTo(100));
        Assert.That(rows, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void Rows_within_the_capacity_allocate_nothing_and_neither_do_views()
    {
        var rows = new ReportRows<long>(1_000);
        rows.Add(0);
        long sum = 0, before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 1_000; i++)
        {
            rows.Add(i);
            foreach (long row in rows.View) sum += row;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sum, Is.EqualTo(Enumerable.Range(1, 999).Sum(last => (long)last * (last + 1) / 2)));
    }

    // The array behind a view may be longer, and holds later rows.
    [TestCase(-1)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(int.MaxValue)]
    public void Rows_that_are_not_of_the_view_are_refused(int index)
    {
        ReportList<int> view = ListOf(1, 2, 3, more: 4);

        Assert.That(() => view[index], Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            $"'index' is {index:N0}; it must be at least 0 and below the count, 3. (Parameter 'index')"));
    }

    [Test]
    public void A_list_that_nobody_made_is_empty()
    {
        ReportList<string> none = default;

        Assert.That(none, Is.Empty);
        Assert.That(() => none[0], Throws.TypeOf<ArgumentOutOfRangeException>());
        foreach (string row in none) Assert.Fail(row);
    }

    [Test]
    public void An_enumerator_stands_at_no_row_before_the_first_and_after_the_last()
    {
        ReportList<int>.Enumerator rows = ListOf(7, 8, more: 9).GetEnumerator();
        Assert.That(() => rows.Current, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(rows.MoveNext(), Is.True);
        Assert.That(rows.Current, Is.EqualTo(7));
        Assert.That(rows.MoveNext(), Is.True);
        Assert.That(rows.Current, Is.EqualTo(8));
        Assert.That(rows.MoveNext(), Is.False);
        Assert.That(rows.MoveNext(), Is.False);
        Assert.That(() => rows.Current, Throws.TypeOf<ArgumentOutOfRangeException>());

        rows.Reset();
        Assert.That(rows.MoveNext(), Is.True);
        Assert.That(((IEnumerator)rows).Current, Is.EqualTo(7));
    }

    [Test]
    public void Lists_are_equal_when_they_view_the_same_rows()
    {
        var rows = new ReportRows<int>(8);
        rows.Add(1);
        ReportList<int> first = rows.View, again = rows.View;
        rows.Add(2);

        Assert.That(first == again, Is.True);
        Assert.That(first == rows.View, Is.False);
    }

    [Test]
    public async Task Any_thread_may_read_a_view_while_rows_are_appended()
    {
        const int Rows = 20_000, Readers = 3;
        var rows = new ReportRows<(int Row, long Square)>();
        var views = new System.Collections.Concurrent.BlockingCollection<ReportList<(int Row, long Square)>>();
        Task<int>[] readers =
            [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => views.GetConsumingEnumerable().Count(HasItsRows)))];

        for (int i = 0; i < Rows; i++)
        {
            rows.Add((i, (long)i * i));
            if (i % 10 == 0) views.Add(rows.View);
        }

        views.CompleteAdding();
        int[] right = await Task.WhenAll(readers);
        Assert.That(right.Sum(), Is.EqualTo(Rows / 10), "views with the rows that were there");

        static bool HasItsRows(ReportList<(int Row, long Square)> view)
        {
            int expected = 0;
            foreach ((int row, long square) in view)
            {
                if (row != expected || square != (long)expected * expected) return false;
                expected++;
            }

            return expected == view.Count && expected % 10 == 1;
        }
    }

    private static ReportList<int> ListOf(int first, int second, int? third = null, int more = 0)
    {
        var rows = new ReportRows<int>(8);
        rows.Add(first);
        rows.Add(second);
        if (third is int row) rows.Add(row);
        ReportList<int> view = rows.View;
        rows.Add(more);
        return view;
    }
}
