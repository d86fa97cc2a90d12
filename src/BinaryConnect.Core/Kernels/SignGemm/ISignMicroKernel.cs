namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The micro-kernel of a <see cref="SignGemm"/>: it prepares each group of four inputs, such as by a sum table, and
/// sums tiles of 64 outputs. All its methods add in the same order: no row's results depend on other rows.
/// </summary>
internal interface ISignMicroKernel
{
    /// <summary>The floats that it stores for a group of four inputs of a row.</summary>
    static abstract int GroupFloats { get; }

    /// <summary>
    /// Prepares <paramref name="groups"/> groups of a row, stored <paramref name="stride"/> floats apart. Absent inputs
    /// count as 0.
    /// </summary>
    static abstract void Prepare(ReadOnlySpan<float> row, int groups, Span<float> tables, int stride);

    /// <summary>One row by one tile: z[64] from signs [words][64].</summary>
    static abstract void OneRow(ref float tables, ref uint signs, int words, float bound, ref float z);

    /// <summary>One row by two tiles, contiguous in <paramref name="signs"/> and <paramref name="z"/>.</summary>
    static abstract void OneRowTwoTiles(ref float tables, ref uint signs, int words, float bound, ref float z);

    /// <summary>
    /// Four rows, whose groups are interleaved, by one tile. Rows of z are <paramref name="stride"/> floats apart. An
    /// output's signs have <paramref name="bytes"/> bytes, of whole words or fewer.
    /// </summary>
    static abstract void FourRows(ref float tables, ref uint signs, int bytes, float bound, ref float z, int stride);
}
