using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// ±1 times ±1, exact in integers: k inputs and k signs have the sum k − 2 · popcount(a xor s). A register has the
/// differences of a group of inputs for many outputs. With AVX-512 VBMI, one permutation and one addition do 384
/// multiply-adds.
/// </summary>
internal static unsafe class BitGemm
{
    // 8-bit counts hold the differences of 255 inputs, and 16-bit sums those of 65,535.
    private const int MostCounted = byte.MaxValue, MostSummed = ushort.MaxValue;

    private const int Rows = 4, MostOutputs = BitLayout.BlockOutputs;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k a[i, k] · s[j, k] for inputs a [n, groups], signs s in a layout, and k up to
    /// 2³¹ − 1. Row i of z begins at i · <see cref="BitLayout.Stride"/>. Sums past the last output are those of
    /// signs −1.
    /// </summary>
    public static void Multiply(ReadOnlySpan<byte> inputs, ReadOnlySpan<byte> signs, BitLayout layout, Span<int> z)
    {
        if (Avx512Vbmi.IsSupported)
            Multiply<Vector512<byte>, Vector512<byte>, Vector512<byte>, BitLanes512>(inputs, signs, layout, z);
        else if (Avx2.IsSupported)
            Multiply<Vector256<byte>, (Vector256<byte>, Vector256<byte>), (Vector256<byte>, Vector256<byte>), BitLanes256>(
                inputs, signs, layout, z);
        else if (AdvSimd.IsSupported)
            Multiply<Vector128<byte>, Vector128<byte>, Vector128<byte>, BitLanesArm64>(inputs, signs, layout, z);
        else if (Vector128.IsHardwareAccelerated)
            Multiply<Vector128<byte>, (Vector128<byte>, Vector128<byte>), (Vector128<byte>, Vector128<byte>), BitLanes128>(
                inputs, signs, layout, z);
        else
            Multiply<ulong, ulong, ulong, BitLanes64>(inputs, signs, layout, z);
    }

    /// <summary>
    /// The definition of <see cref="Multiply(ReadOnlySpan{byte}, ReadOnlySpan{byte}, BitLayout, Span{int})"/>.
    /// </summary>
    public static void MultiplyScalar(ReadOnlySpan<byte> inputs, ReadOnlySpan<byte> signs, BitLayout layout, Span<int> z)
    {
        for (int i = 0; i < inputs.Length / layout.Groups; i++)
        {
            for (int j = 0; j < layout.Stride; j++)
            {
                int different = 0;
                for (int group = 0; group < layout.Groups; group++)
                {
                    uint bits = (uint)(inputs[i * layout.Groups + group] ^ signs[layout.IndexOf(j, group)]);
                    different += BitOperations.PopCount(bits);
                }

                z[i * layout.Stride + j] = layout.Inputs - 2 * different;
            }
        }
    }

    public static void Multiply<TCounts, TSigns, TInputs, TLanes>(
        ReadOnlySpan<byte> inputs, ReadOnlySpan<byte> signs, BitLayout layout, Span<int> z)
        where TCounts : struct
        where TSigns : struct
        where TInputs : struct
        where TLanes : struct, IBitLanes<TCounts, TSigns, TInputs>
    {
        int rows = inputs.Length / layout.Groups;
        fixed (byte* a = inputs, s = signs)
        fixed (int* sums = z)
        {
            for (int row = 0, height; row < rows; row += height)
            {
                height = row + Rows <= rows ? Rows : 1;
                for (int output = 0, count; output < layout.Stride; output += count)
                {
                    count = Multiply<TCounts, TSigns, TInputs, TLanes>(
                        a + (nint)row * layout.Groups, height, s, layout, output, sums + (nint)row * layout.Stride + output);
                }
            }
        }
    }

    // Some outputs of one row or four, from one output on; returns how many. One row by a tile takes a loop of four
    // rows, which are then the same row.
    [SkipLocalsInit]
    private static int Multiply<TCounts, TSigns, TInputs, TLanes>(
        byte* a, int rows, byte* s, BitLayout layout, int output, int* z)
        where TCounts : struct
        where TSigns : struct
        where TInputs : struct
        where TLanes : struct, IBitLanes<TCounts, TSigns, TInputs>
    {
        ushort* space = stackalloc ushort[Rows * MostOutputs + AlignedBuffer.Alignment / sizeof(ushort)];
        ushort* sums = (ushort*)(((nint)space + AlignedBuffer.Alignment - 1) & -AlignedBuffer.Alignment);
        int width = layout.WidthAt(output), four = 4 * TLanes.Count;
        bool isLong = rows == 1 && width == BitLayout.BlockOutputs;
        bool isLastBlock = four == width && output + four == layout.Stride - layout.Stride % width;
        nint row = rows == 1 ? 0 : layout.Groups;
        nint other = isLastBlock ? 0 : four == width ? (nint)width * layout.Groups : four;
        int columns = Math.Min(width / TLanes.Count, TLanes.Columns);
        int outputs = !isLong ? columns * TLanes.Count : isLastBlock ? four : 2 * four;
        s += (nint)(output - output % width) * layout.Groups + output % width;
        int most = MostCounted / layout.GroupInputs, mostSummed = MostSummed / layout.GroupInputs;
        for (int group = 0, count; group < layout.Groups; group += count)
        {
            int inSums = group % mostSummed;
            count = Math.Min(most, Math.Min(layout.Groups - group, mostSummed - inSums));
            byte* x = a + group, t = s + (nint)group * width;
            bool adds = inSums > 0;
            if (isLong)
                BitMicroKernel<TCounts, TSigns, TInputs, TLanes>.OneByEight(x, t, other, width, count, sums, adds);
            else if (columns == 4)
                BitMicroKernel<TCounts, TSigns, TInputs, TLanes>.FourByFour(x, row, t, width, count, sums, MostOutputs, adds);
            else if (columns == 2)
                BitMicroKernel<TCounts, TSigns, TInputs, TLanes>.FourByTwo(x, row, t, width, count, sums, MostOutputs, adds);
            else
                BitMicroKernel<TCounts, TSigns, TInputs, TLanes>.FourByOne(x, row, t, width, count, sums, MostOutputs, adds);
            if (group + count < layout.Groups && inSums + count < mostSummed) continue;
            int start = group == inSums ? layout.Inputs : 0;
            for (int i = 0; i < rows; i++)
                Put(sums + i * MostOutputs, outputs, z + (nint)i * layout.Stride, start, adds: group > inSums);
        }

        return outputs;
    }

    // z = k − 2 · sums of the first inputs, and z −= 2 · sums of the others.
    private static void Put(ushort* sums, int length, int* z, int start, bool adds)
    {
        Vector512<int> first = Vector512.Create(start);
        int half = Vector512<int>.Count;
        for (int i = 0; i < length; i += 2 * half)
        {
            (Vector512<uint> low, Vector512<uint> high) = Vector512.Widen(Vector512.Load(sums + i));
            ((adds ? Vector512.Load(z + i) : first) - (low << 1).AsInt32()).Store(z + i);
            ((adds ? Vector512.Load(z + i + half) : first) - (high << 1).AsInt32()).Store(z + i + half);
        }
    }
}
