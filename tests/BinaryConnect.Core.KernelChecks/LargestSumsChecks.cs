using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// The products of bytes and signs where sums are largest: at the most inputs whose sums fit 32 bits, and where 16-bit
/// sums are full in each width of registers.
/// </summary>
internal static class LargestSumsChecks
{
    private const int Most = ByteSignGemm.MostInputs, MostRows = 3, MostOutputs = 12;

    // A 16-bit sum is full after 64 registers of inputs. These lengths end shortly before, at and after that.
    private static readonly int[] Full = [1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097, 8064, 8127, 8128, 8129];
    private static readonly int[] Limit = [Most, Most - 1];
    private static readonly GuardedMemory<byte> Inputs = new(MostRows * Most);
    private static readonly GuardedMemory<sbyte> Signs = new(MostOutputs * ByteSignGemm.Stride(Most));
    private static readonly GuardedMemory<int> Sums = new(MostRows * MostOutputs);

    public static void Run(Report report)
    {
        foreach (int inner in (ReadOnlySpan<int>)[.. Full, .. Limit])
        {
            byte[] x = LargestSums.Inputs(MostRows, inner);
            report.Kernel(
                $"ByteSignGemm.Multiply, largest sums of {inner}",
                ByteSignGemmForms.Supported,
                (form, side) => Products(
                    x, inner, side, (rows, signs, sums) => ByteSignGemmForms.Multiply(form, rows, signs, sums)));
            if (Dp.IsSupported)
                report.Count($"ByteLanesArm64, largest sums of {inner}", Products(x, inner, Side.End, ByDotProducts));
            if (NonzeroBlocks.AreSupported)
                report.Count($"SparseByteSigns.Multiply, largest sums of {inner}", OfPieces(x, inner));
        }
    }

    private delegate void Product(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> sums);

    // Shapes of every tile: ten outputs, five, and one by one.
    private static string? Products(byte[] x, int inner, Side side, Product multiply)
    {
        string? fault = null;
        sbyte[] packed = LargestSums.Packed(MostOutputs, inner);
        foreach ((int rows, int outputs) in (ReadOnlySpan<(int, int)>)[(MostRows, MostOutputs), (2, 9), (1, 5)])
        {
            Span<byte> inputs = Inputs.Take(x.AsSpan(0, rows * inner), side);
            Span<sbyte> signs = Signs.Take(packed.AsSpan(0, outputs * ByteSignGemm.Stride(inner)), side);
            Span<int> sums = Sums.Take(rows * outputs, side);
            sums.Fill(int.MinValue);
            multiply(new ByteRows(inputs, inner), signs, sums);
            fault ??= Compare.Equal(sums, LargestSums.Expected(rows, outputs, inner), $"{rows} rows, {outputs} outputs");
        }

        return fault;
    }

    private static string? OfPieces(byte[] x, int inner)
    {
        float[] weights = LargestSums.AllWeights(MostOutputs + 1, inner);
        sbyte[] signs = new sbyte[SparseByteSigns.Length(inner, MostOutputs + 1)];
        if (!SparseByteSigns.TryPack(weights, 1, signs, inner)) return "signs were refused";
        var blocks = new NonzeroBlocks();
        blocks.Reset(MostRows, inner);
        int[] sums = new int[MostRows * (MostOutputs + 1)];
        SparseByteSigns.Multiply(new ByteRows(x, inner), signs, sums, blocks, first: 0);
        return Compare.Equal(sums, LargestSums.Expected(MostRows, MostOutputs + 1, inner), "blocks");
    }

    private static void ByDotProducts(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> sums) =>
        ByteSignGemm.Multiply<Vector128<sbyte>, Vector128<int>, ByteLanesArm64>(x, signs, sums);
}
