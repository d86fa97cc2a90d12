namespace BinaryConnect.KernelChecks;

/// <summary>How rows of bytes lie in memory.</summary>
internal enum RowView
{
    /// <summary>One after the other.</summary>
    Contiguous,

    /// <summary>With bytes of no row between them.</summary>
    Apart,
}
