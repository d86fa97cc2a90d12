namespace BinaryConnect.Kernels;

/// <summary>
/// What one thread computes of a product: a rectangle of its results and, of the products summed for each, those of some blocks of the inner
/// index. All but the first block are added to what is there.
/// </summary>
/// <param name="Row">The first row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Column">The first column.</param>
/// <param name="Columns">How many columns.</param>
/// <param name="FirstBlock">The first block of the inner index.</param>
/// <param name="EndBlock">The block after the last.</param>
internal readonly record struct ProductPart(int Row, int Rows, int Column, int Columns, int FirstBlock = 0, int EndBlock = int.MaxValue);
