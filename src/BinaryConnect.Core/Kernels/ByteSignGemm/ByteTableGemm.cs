using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Rows;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>
/// Bytes times signs by sum tables, exact in integers, for many outputs. Five inputs have 32 sums of a part of them,
/// which fill a register of 16-bit integers. Five bits of a word of signs choose one. So one permutation and one
/// addition do 160 multiply-adds. With bits b = (s + 1) / 2, Σ x·s = 2·Σ x·b − Σ x. Groups that are 0 in all rows of a
/// tile are left out.
/// </summary>
internal static unsafe class ByteTableGemm
{
    /// <summary>The 16-bit values of the work space: 12.75 KiB, which stay in L1.</summary>
    public const int WorkLength = MostGroups * ByteTableMicroKernel.Rows * ByteTables.Length;

    private const int MostGroups = ByteTableMicroKernel.WideningGroups;

    // A group is read as eight bytes. The last two groups of a row are read from a copy, and zeros after them.
    private const int CopiedGroups = 2, CopyLength = 32;
    private const ulong GroupMask = (1UL << 8 * ByteTableLayout.GroupInputs) - 1;

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

        fixed (byte* inputs = x)
        fixed (ushort* words = signs)
        fixed (int* sums = z)
        fixed (short* tables = work)
        {
            for (int row = 0, rows; row < x.Count; row += rows)
            {
                rows = row + ByteTableMicroKernel.Rows <= x.Count ? ByteTableMicroKernel.Rows : 1;
                Multiply(inputs + (nint)row * x.Stride, x.Stride, rows, words, layout, sums + (nint)row * layout.Stride, tables);
            }
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

    // Four rows, which share the loads and shifts of signs, or one. A block has the groups whose tables fit the work
    // space; the 16-bit sums of four rows hold no more.
    private static void Multiply(
        byte* x, nint stride, int rows, ushort* words, ByteTableLayout layout, int* sums, short* tables)
    {
        byte* copies = stackalloc byte[ByteTableMicroKernel.Rows * CopyLength];
        int* totals = stackalloc int[ByteTableMicroKernel.Rows];
        Span<ByteTableGroup> groups = stackalloc ByteTableGroup[ByteTableMicroKernel.Rows * MostGroups];
        int copied = Math.Max(0, layout.Groups - CopiedGroups) * ByteTableLayout.GroupInputs;
        for (int i = 0; i < rows; i++)
        {
            var row = new ReadOnlySpan<byte>(x + i * stride, layout.Inputs);
            totals[i] = ByteTables.Total(row);
            var copy = new Span<byte>(copies + i * CopyLength, CopyLength);
            copy.Clear();
            row[copied..].CopyTo(copy);
        }

        int* start = totals;
        for (int input = 0; input < layout.Inputs || start is not null; start = null)
        {
            int count = rows == 1
                ? Collect(x, stride, 1, ByteTableLayout.WordGroups, copies, copied, layout.Inputs, ref input, groups, tables)
                : Collect(
                    x, stride, ByteTableMicroKernel.Rows, 1, copies, copied, layout.Inputs, ref input, groups, tables);
            for (int output = 0; output < layout.Stride; output += ByteTableLayout.TileOutputs)
            {
                ushort* from = words + (nint)output * layout.Words;
                if (rows == 1) ByteTableMicroKernel.MultiplyRow(from, groups[..count], tables, start, sums + output);
                else ByteTableMicroKernel.MultiplyRows(from, groups[..count], tables, start, sums + output, layout.Stride);
            }
        }
    }

    // Finds groups, or words of three groups, that are not 0 in all rows, and makes their tables. Returns how many.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Collect(
        byte* x,
        nint stride,
        int rows,
        int together,
        byte* copies,
        int copied,
        int inputs,
        ref int input,
        Span<ByteTableGroup> groups,
        short* tables)
    {
        int count = 0, most = WorkLength / ByteTables.Length / (rows * together);
        for (int end; input < inputs && count < most; input = end)
        {
            end = input + together * ByteTableLayout.GroupInputs;
            ulong any = 0;
            for (int k = input; k < end; k += ByteTableLayout.GroupInputs)
            {
                byte* from = k < copied ? x + k : copies + k - copied;
                nint step = k < copied ? stride : CopyLength;
                for (int i = 0; i < rows; i++) any |= *(ulong*)(from + i * step) & GroupMask;
            }

            if (any == 0) continue;
            short* table = tables + count * together * rows * ByteTables.Length;
            for (int k = input; k < end; k += ByteTableLayout.GroupInputs)
            {
                byte* from = k < copied ? x + k : copies + k - copied;
                nint step = k < copied ? stride : CopyLength;
                for (int i = 0; i < rows; i++, table += ByteTables.Length) ByteTables.Build(from + i * step, table);
            }

            groups[count++] = new ByteTableGroup(input);
        }

        return count;
    }
}
