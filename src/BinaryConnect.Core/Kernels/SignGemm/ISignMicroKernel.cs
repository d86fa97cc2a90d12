namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// One form of the ±1 product: what it keeps of each four inputs, and the sums of a tile of 64 outputs made of that. Every
/// method of a form adds in the same order, so that a row's results do not depend on the rows beside it.
/// </summary>
internal interface ISignMicroKernel
{
    /// <summary>How many floats it keeps of each group of four inputs, of each row.</summary>
    static abstract int GroupFloats { get; }

    /// <summary>
    /// Writes what it keeps of <paramref name="groups"/> groups of a row, <paramref name="stride"/> floats apart; absent inputs
    /// are 0.
    /// </summary>
    static abstract void Prepare(ReadOnlySpan<float> row, int groups, Span<float> tables, int stride);

    /// <summary>One row by one tile.</summary>
    static abstract void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z);

    /// <summary>One row by two tiles, one after the other in <paramref name="signs"/> and <paramref name="z"/>.</summary>
    static abstract void OneRowTwoTiles(ref float tables, ref uint signs, int words, float bound, ref float z);

    /// <summary>Four rows, whose groups lie side by side, by one tile; rows of z are <paramref name="stride"/> floats apart.</summary>
    static abstract void FourRows(ref float tables, ref uint signs, int words, float bound, ref float z, int stride);
}
