using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// The product of bytes and signs by dot-product instructions where the machine has them, otherwise the 128-bit form.
/// </summary>
internal static class ByteLanesArm64Checks
{
    private const int MostRows = 3, MostOutputs = 6, MostInner = 2000;
    private static readonly Form[] OneForm = [Form.Dispatched];
    private static readonly int[] Inners = [63, 64, 65, 127, 128, 784, MostInner];
    private static readonly GuardedMemory<byte> Inputs = new(MostRows * MostInner);
    private static readonly GuardedMemory<sbyte> Signs = new(MostOutputs * ByteSignGemm.Stride(MostInner));
    private static readonly GuardedMemory<int> Sums = new(MostRows * MostOutputs);

    public static void Run(Report report)
    {
        string lanes = Dp.IsSupported ? nameof(ByteLanesArm64) : nameof(ByteLanes128);
        report.Kernel(
            $"{lanes}, any bytes", OneForm,
            (_, side) => EveryShape(side, k => (byte)(k * k * 37 + k), k => k * k % 7 < 3 ? -1 : 1));
        report.Kernel($"{lanes}, largest sums", OneForm, (_, side) => EveryShape(side, _ => byte.MaxValue, _ => 1));
        report.Kernel($"{lanes}, least sums", OneForm, (_, side) => EveryShape(side, _ => byte.MaxValue, _ => -1));
    }

    private static string? EveryShape(Side side, Func<int, byte> input, Func<int, float> weight)
    {
        string? fault = null;
        foreach (int inner in Inners)
        {
            foreach (int outputs in (ReadOnlySpan<int>)[1, 5, MostOutputs])
            {
                float[] weights = [.. Enumerable.Range(0, outputs * inner).Select(weight)];
                Span<sbyte> signs = Signs.Take(outputs * ByteSignGemm.Stride(inner), side);
                if (!ByteSignPacking.Pack(weights, 1, signs, inner)) fault ??= "weights were refused";
                foreach (int rows in (ReadOnlySpan<int>)[1, 2, MostRows])
                {
                    Span<byte> x = Inputs.Take(rows * inner, side);
                    for (int k = 0; k < x.Length; k++) x[k] = input(k);
                    int[] expected = new int[rows * outputs];
                    ByteSignGemm.MultiplyScalar(new ByteRows(x, inner), signs, expected);
                    Span<int> sums = Sums.Take(expected.Length, side);
                    sums.Fill(int.MinValue);
                    Multiply(new ByteRows(x, inner), signs, sums);
                    if (!sums.SequenceEqual(expected)) fault ??= $"{rows} rows, {outputs} outputs, {inner} inner";
                }
            }
        }

        return fault;
    }

    private static void Multiply(ByteRows x, ReadOnlySpan<sbyte> signs, Span<int> sums)
    {
        if (Dp.IsSupported) ByteSignGemm.Multiply<Vector128<sbyte>, Vector128<int>, ByteLanesArm64>(x, signs, sums);
        else ByteSignGemm.Multiply<Vector128<byte>, Vector128<short>, ByteLanes128>(x, signs, sums);
    }
}
