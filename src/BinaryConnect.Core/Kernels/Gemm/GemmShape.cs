namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// What a float product computes: C = op(A) · op(B), or C += op(A) · op(B), with op(A) [rows, inner], op(B) [inner, columns],
/// C [rows, columns], all row by row. A transposed factor is stored the other way round: A as [inner, rows], B as [columns, inner].
/// </summary>
/// <param name="Rows">The rows of C, at least 1.</param>
/// <param name="Columns">The columns of C, at least 1.</param>
/// <param name="Inner">How many products are summed for a value of C, at least 1.</param>
/// <param name="TransposeA">Whether op(A) is Aᵀ.</param>
/// <param name="TransposeB">Whether op(B) is Bᵀ.</param>
/// <param name="Accumulate">Whether the product is added to C; else what C held is not read.</param>
internal readonly record struct GemmShape(
    int Rows, int Columns, int Inner, bool TransposeA = false, bool TransposeB = false, bool Accumulate = false)
{
    /// <summary>How many fused multiply-adds the product takes.</summary>
    public long MultiplyAdds => (long)Rows * Columns * Inner;
}
