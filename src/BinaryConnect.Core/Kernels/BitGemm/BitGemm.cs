using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// ±1 times ±1, exact in integers. Six inputs and six weights have the sum 6 − 2 · popcount(a xor s). For each of the
/// 64 patterns of inputs, the sums of all 64 patterns of weights fill a register of bytes. So one permutation and one
/// addition do 384 multiply-adds (AVX-512 VBMI). Elsewhere the scalar form runs.
/// </summary>
internal static unsafe class BitGemm
{
    /// <summary>Whether the machine has the permutation.</summary>
    public static bool IsFast => Avx512Vbmi.IsSupported;

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k a[i, k] · s[j, k] for inputs a [n, groups], signs s in a layout, and k up to
    /// 2³¹. Row i of z begins at i · <see cref="BitLayout.Stride"/>. Sums past the last output are those of signs −1.
    /// </summary>
    public static void Multiply(ReadOnlySpan<byte> inputs, ReadOnlySpan<byte> signs, BitLayout layout, Span<int> z)
    {
        if (!IsFast)
        {
            MultiplyScalar(inputs, signs, layout, z);
            return;
        }

        int rows = inputs.Length / layout.Groups;
        fixed (byte* a = inputs, s = signs)
        fixed (int* sums = z)
        {
            int row = 0;
            for (; row + BitMicroKernel512.Rows <= rows; row += BitMicroKernel512.Rows) MultiplyRows(a, s, layout, sums, row);
            for (; row < rows; row++) MultiplyRow(a, s, layout, sums, row, tile: 0);
        }
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

    private static void MultiplyRows(byte* inputs, byte* signs, BitLayout layout, int* z, int row)
    {
        int whole = layout.Tiles - layout.Tiles % BitMicroKernel512.Tiles;
        for (int tile = 0; tile < whole; tile += BitMicroKernel512.Tiles)
            BitMicroKernel512.MultiplyRows(
                inputs + (nint)row * layout.Groups, At(signs, layout, tile), layout, At(z, layout, row, tile));
        for (int i = row; i < row + BitMicroKernel512.Rows; i++) MultiplyRow(inputs, signs, layout, z, i, whole);
    }

    private static void MultiplyRow(byte* inputs, byte* signs, BitLayout layout, int* z, int row, int tile)
    {
        byte* a = inputs + (nint)row * layout.Groups;
        for (; tile + BitMicroKernel512.Tiles <= layout.Tiles; tile += BitMicroKernel512.Tiles)
            BitMicroKernel512.MultiplyRow(a, At(signs, layout, tile), layout, At(z, layout, row, tile));
        for (; tile < layout.Tiles; tile++)
            BitMicroKernel512.MultiplyTile(a, At(signs, layout, tile), layout, At(z, layout, row, tile));
    }

    private static int* At(int* z, BitLayout layout, int row, int tile) =>
        z + (nint)row * layout.Stride + tile * BitLayout.TileOutputs;

    private static byte* At(byte* signs, BitLayout layout, int tile) =>
        signs + (nint)tile * layout.Groups * BitLayout.TileOutputs;
}
