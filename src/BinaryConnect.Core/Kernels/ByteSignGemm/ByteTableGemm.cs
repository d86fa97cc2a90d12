using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// Bytes times signs by sum tables, exact in integers, for many outputs. Five inputs have 32 sums of a part of them,
/// which fill a register of 16-bit integers. Five bits of a word of signs choose one. So one permutation and one
/// addition do 160 multiply-adds. With bits b = (s + 1) / 2, Σ x·s = 2·Σ x·b − Σ x.
/// </summary>
internal static unsafe class ByteTableGemm
{
    /// <summary>The 16-bit values of the work space.</summary>
    public const int WorkLength = MostRowWords * ByteTables.WordLength;

    // The tables of a block stay in L1: at most 25.5 KiB for one row, 12.75 KiB for four.
    private const int MostRowWords = 8 * ByteTableMicroKernel.WideningWords;

    /// <summary>Whether the machine has the instructions. Without them the scalar form runs.</summary>
    public static bool IsFast => Avx512BW.IsSupported;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · s[j, k] for x [n, k], packed signs s [m, k], and k up to
    /// <see cref="ByteSignGemm.MostInputs"/>. Row i of z begins at i · <see cref="ByteTableLayout.Stride"/>. Sums past
    /// the last output are those of signs −1.
    /// </summary>
    public static void Multiply(
        ByteRows x, ReadOnlySpan<ushort> signs, ByteTableLayout layout, Span<int> z, Span<short> work)
    {
        if (!IsFast)
        {
            MultiplyScalar(x, signs, layout, z);
            return;
        }

        fixed (ushort* words = signs)
        fixed (int* sums = z)
        fixed (short* tables = work)
        {
            int row = 0;
            for (; row + ByteTableMicroKernel.Rows <= x.Count; row += ByteTableMicroKernel.Rows)
                MultiplyRows(x, row, words, layout, sums, tables);
            for (; row < x.Count; row++) MultiplyRow(x, row, words, layout, sums, tables);
        }
    }

    /// <summary>
    /// The definition of
    /// <see cref="Multiply(ByteRows, ReadOnlySpan{ushort}, ByteTableLayout, Span{int}, Span{short})"/>.
    /// </summary>
    public static void MultiplyScalar(ByteRows x, ReadOnlySpan<ushort> signs, ByteTableLayout layout, Span<int> z)
    {
        for (int i = 0; i < x.Count; i++)
        {
            for (int j = 0; j < layout.Stride; j++)
            {
                int sum = 0;
                for (int k = 0; k < layout.Inputs; k++)
                {
                    int word = signs[layout.IndexOf(j, k / ByteTableLayout.WordInputs)];
                    sum += (word >> k % ByteTableLayout.WordInputs & 1) != 0 ? x[i][k] : -x[i][k];
                }

                z[i * layout.Stride + j] = sum;
            }
        }
    }

    // Four rows share the loads and shifts of signs. A block is as long as their 16-bit sums allow.
    private static void MultiplyRows(
        ByteRows x, int row, ushort* words, ByteTableLayout layout, int* sums, short* tables)
    {
        int* totals = stackalloc int[ByteTableMicroKernel.Rows];
        for (int i = 0; i < ByteTableMicroKernel.Rows; i++) totals[i] = ByteTables.Total(x[row + i]);
        int* to = sums + (nint)row * layout.Stride;
        for (int word = 0; word < layout.Words; word += ByteTableMicroKernel.WideningWords)
        {
            int count = Math.Min(ByteTableMicroKernel.WideningWords, layout.Words - word);
            for (int i = 0; i < ByteTableMicroKernel.Rows; i++)
                ByteTables.Build(x[row + i], word, count, tables + i * ByteTables.Length, ByteTableMicroKernel.Rows);
            for (int tile = 0; tile < layout.Tiles; tile++)
            {
                ushort* from = words + ((nint)tile * layout.Words + word) * ByteTableLayout.TileOutputs;
                ByteTableMicroKernel.MultiplyRows(
                    from, count, tables, word == 0 ? totals : null, to + tile * ByteTableLayout.TileOutputs, layout.Stride);
            }
        }
    }

    private static void MultiplyRow(
        ByteRows x, int row, ushort* words, ByteTableLayout layout, int* sums, short* tables)
    {
        int total = ByteTables.Total(x[row]);
        int* to = sums + (nint)row * layout.Stride;
        for (int word = 0; word < layout.Words; word += MostRowWords)
        {
            int count = Math.Min(MostRowWords, layout.Words - word);
            ByteTables.Build(x[row], word, count, tables, 1);
            for (int tile = 0; tile < layout.Tiles; tile++)
            {
                ushort* from = words + ((nint)tile * layout.Words + word) * ByteTableLayout.TileOutputs;
                ByteTableMicroKernel.MultiplyRow(
                    from, count, tables, word == 0 ? &total : null, to + tile * ByteTableLayout.TileOutputs);
            }
        }
    }
}
