namespace BinaryConnect.Kernels;

/// <summary>
/// The rows of the next batch, for whoever computes this one to copy meanwhile: they may lie far from any cache, and each on a page of its own.
/// </summary>
/// <param name="rows">The rows; none where nothing is to be copied.</param>
/// <param name="copies">Where to; there must be room for them.</param>
internal readonly ref struct NextRows(ByteRows rows, RowCopies copies)
{
    public ByteRows Rows { get; } = rows;

    public RowCopies Copies { get; } = copies;

    /// <summary>
    /// Asks for the pages of all rows at once. One that was not used lately takes a walk through the page tables, and the walks go on, a few at a time, while
    /// something else is computed.
    /// </summary>
    public void AskForPages()
    {
        for (int i = 0; i < Rows.Count; i++) Prefetch.Line(ref Rows.Start(i));
    }
}
