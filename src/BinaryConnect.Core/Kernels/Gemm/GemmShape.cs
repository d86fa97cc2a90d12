namespace BinaryConnect.Kernels.Gemm;

/// <summary>
/// The shape of a float product C = op(A) · op(B), or C += op(A) · op(B): op(A) [rows, inner], op(B) [inner, columns],
/// C [rows, columns], all row-major. A transposed factor is stored as its transpose: A as [inner, rows], B as
/// [columns, inner].
/// </summary>
/// <param name="Rows">The rows of C, at least 1.</param>
/// <param name="Columns">The columns of C, at least 1.</param>
/// <param name="Inner">How many products are summed for a value of C, at least 1.</param>
/// <param name="TransposeA">Whether op(A) is Aᵀ.</param>
/// <param name="TransposeB">Whether op(B) is Bᵀ.</param>
/// <param name="Accumulate">Whether the product is added to C; else C is only written.</param>
internal readonly record struct GemmShape(
    int Rows, int Columns, int Inner, bool TransposeA = false, bool TransposeB = false, bool Accumulate = false)
{
    /// <summary>How many fused multiply-adds the product takes.</summary>
    public long MultiplyAdds => (long)Rows * Columns * Inner;
}
