namespace BinaryConnect.Kernels.Gemm;

/// <summary>A part of a product: a rectangle of C, which one thread computes.</summary>
/// <param name="Row">The first row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Column">The first column.</param>
/// <param name="Columns">How many columns.</param>
internal readonly record struct GemmPart(int Row, int Rows, int Column, int Columns);
