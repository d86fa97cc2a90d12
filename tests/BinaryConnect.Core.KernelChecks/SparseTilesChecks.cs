using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Tests.Support;
using BytesByEight =
    BinaryConnect.Kernels.NarrowGemm.ByteInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Simd.Lanes256>;
using FloatsByEight =
    BinaryConnect.Kernels.NarrowGemm.FloatInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Simd.Lanes256>;

namespace BinaryConnect.KernelChecks;

/// <summary>
/// Products that skip zeros against scalar products, for inputs of mostly zero blocks. Whole numbers make every sum
/// exact.
/// </summary>
internal static class SparseTilesChecks
{
    private const int MostRows = 130, MostInner = 1100, MostOutputs = 23;
    private const float Scale = 0.25f;
    private static readonly (int Rows, int[] Inners)[] Shapes =
    [
        (1, [.. Enumerable.Range(8, 64)]), (3, [.. Enumerable.Range(8, 64), 511, 512, 513, 600, MostInner]), (64, [8, 40]),
        (65, [17, 64]), (MostRows, [24, 39]), (5, [127, 128, 129]),
    ];

    private static readonly int[] Outputs = [10, 11, 20, MostOutputs];
    private static readonly GuardedMemory<byte> Bytes = new(MostRows * MostInner);
    private static readonly GuardedMemory<float> Floats = new(MostRows * MostInner);
    private static readonly GuardedMemory<float> Factors = new(MostOutputs * MostInner);
    private static readonly GuardedMemory<float> Results = new(MostOutputs * MostInner);

    public static void Run(Report report)
    {
        if (!NonzeroBlocks.AreSupported) return;
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Start, Side.End])
        {
            report.Count($"SparseTiles of floats, {side}", EveryShape((rows, inner, outputs, x) =>
            {
                float[] floats = Array.ConvertAll(x, value => (float)value);
                return Forward<float, FloatsByEight>(new(Floats.Take(floats, side), inner), floats, outputs, side)
                    ?? Backward<float, FloatsByEight>(new(Floats.Take(floats, side), inner), floats, outputs, 1, side);
            }));
            report.Count($"SparseTiles of bytes, {side}", EveryShape((rows, inner, outputs, x) =>
            {
                float[] floats = Array.ConvertAll(x, value => (float)value);
                return Forward<byte, BytesByEight>(new(Rows(x, inner, side)), floats, outputs, side)
                    ?? Backward<byte, BytesByEight>(new(Rows(x, inner, side)), floats, outputs, Scale, side);
            }));
        }
    }

    private static ByteRows Rows(byte[] x, int inner, Side side) => new(Bytes.Take(x, side), inner);

    private static string? EveryShape(Func<int, int, int, byte[], string?> check)
    {
        string? fault = null;
        foreach ((int rows, int[] inners) in Shapes)
        {
            foreach (int inner in inners)
            {
                byte[] x = BlockInputs.Sparse(rows * inner, oneOf: 4);
                foreach (int outputs in Outputs)
                {
                    if (check(rows, inner, outputs, x) is { } text)
                        fault ??= $"{rows} rows, {inner} inner, {outputs} outputs: {text}";
                }
            }
        }

        return fault;
    }

    private static string? Forward<TElement, TInput>(TInput x, float[] floats, int outputs, Side side)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int rows = x.Count, inner = x.Width;
        float[] w = KernelInputs.Whole(outputs * inner, seed: 1, bound: 3), logits = new float[rows * outputs];
        NarrowGemm.MultiplyTransposedScalar(floats, w, logits, inner);
        var blocks = new NonzeroBlocks();
        blocks.Reset(rows, inner);
        Span<float> z = Results.Take(logits.Length, side);
        z.Fill(float.NaN);
        SparseTiles.MultiplyTransposed<TElement, TInput>(x, Factors.Take(w, side), z, blocks, 0);
        return Compare.Same(z, logits, "forward");
    }

    // In two parts of the inputs, as threads take them, and while other rows are copied as those that come next.
    private static string? Backward<TElement, TInput>(TInput x, float[] floats, int outputs, float scale, Side side)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int rows = x.Count, inner = x.Width, half = inner < 2 * NarrowGemm.LeastColumns ? inner : NarrowGemm.LeastColumns;
        float[] g = KernelInputs.Whole(rows * outputs, seed: 2, bound: 3), gradient = new float[outputs * inner];
        NarrowGemm.TransposeMultiplyScalar(g, floats, gradient, inner);
        var blocks = new NonzeroBlocks();
        blocks.Reset(rows, inner);
        for (int i = 0; i < rows; i++) blocks.FindRow(ref x.Start(i), i);
        Span<float> d = Results.Take(gradient.Length, side);
        d.Fill(float.NaN);
        ReadOnlySpan<float> factors = Factors.Take(g, side);
        byte[] bytes = new byte[rows * inner];
        new Random(1).NextBytes(bytes);
        NextBatchRows ahead = RowsAhead.Of(bytes, inner);
        SparseTiles.TransposeMultiply<TElement, TInput>(factors, x, blocks, d, scale, 0, half, ahead);
        if (half < inner) SparseTiles.TransposeMultiply<TElement, TInput>(factors, x, blocks, d, scale, half, inner, default);
        return RowsAhead.Fault(ahead, areComplete: inner >= RowPrefetcher.StepLength)
            ?? Compare.Near(d, Array.ConvertAll(gradient, value => value * scale), 0, "backward");
    }
}
