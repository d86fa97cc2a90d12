namespace BinaryConnect.Inference.Export;

/// <summary>The inner loop of products with signs in C source.</summary>
public enum CInnerLoop
{
    /// <summary>
    /// Four inputs have 16 sums of ±x; the four weights of a unit choose one of them. Faster for layers of more than a
    /// few units.
    /// </summary>
    SumTables,

    /// <summary>One weight after the other: the least code, and no table.</summary>
    SmallestCode,
}
