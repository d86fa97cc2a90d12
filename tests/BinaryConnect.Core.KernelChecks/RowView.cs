namespace BinaryConnect.KernelChecks;

/// <summary>The layout of rows of bytes in memory.</summary>
internal enum RowView
{
    /// <summary>One after the other.</summary>
    Contiguous,

    /// <summary>With bytes of no row between them.</summary>
    Apart,
}
