using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class FloatGemmChecks
{
    private static readonly int[] Rows = [1, 5, 6, 7, 12, 13, 20], Columns = [1, 7, 8, 9, 16, 17, 33, 65];
    private static readonly int[] Inners = [1, 3, 4, 5, 9, 17];

    // Each pair of sides longer than a block and no multiple of a tile.
    private static readonly GemmShape[] AcrossBlocks =
    [
        new(GemmWorkspace.MostRows + 7, GemmWorkspace.MostColumns + 17, 3),
        new(GemmWorkspace.MostRows + 7, 9, GemmWorkspace.MostInner + 3),
        new(7, GemmWorkspace.MostColumns + 17, GemmWorkspace.MostInner + 3),
    ];

    private static readonly int MostValues =
        AcrossBlocks.Max(shape => Math.Max(shape.Rows * shape.Columns, Math.Max(shape.Rows, shape.Columns) * shape.Inner));

    private static readonly GuardedMemory<float> A = new(MostValues), B = new(MostValues), C = new(MostValues);

    // Small whole numbers: every sum is exact whatever its order, so all forms must agree to the bit.
    private static readonly float[] Numbers = KernelInputs.Whole(MostValues, seed: 1);

    public static void Run(Report report)
    {
        report.Kernel("FloatGemm.Multiply", (form, side) => EveryWay(form, side, Small(), FloatGemm.Whole));
        report.Kernel("FloatGemm.Multiply, parts", (form, side) => EveryWay(form, side, Small(), Inside));
        report.Kernel("FloatGemm.Multiply, across blocks", (form, side) => EveryWay(form, side, AcrossBlocks, FloatGemm.Whole));
    }

    private delegate GemmPart Part(in GemmShape shape);

    private static IEnumerable<GemmShape> Small() =>
        from rows in Rows from columns in Columns from inner in Inners select new GemmShape(rows, columns, inner);

    private static GemmPart Inside(in GemmShape shape) =>
        new(shape.Rows / 3, Math.Max(1, shape.Rows / 2), shape.Columns / 3, Math.Max(1, shape.Columns / 2));

    private static string? EveryWay(Form form, Side side, IEnumerable<GemmShape> shapes, Part part)
    {
        string? fault = null;
        foreach (GemmShape shape in shapes)
        {
            for (int way = 0; way < 8; way++)
            {
                fault ??= Check(
                    form, side,
                    shape with { TransposeA = (way & 1) != 0, TransposeB = (way & 2) != 0, Accumulate = (way & 4) != 0 }, part);
            }
        }

        return fault;
    }

    // Old values of C are read only where the product adds to them. Those outside the part do not change.
    private static string? Check(Form form, Side side, GemmShape shape, Part part)
    {
        ReadOnlySpan<float> a = Numbers.AsSpan(0, shape.Rows * shape.Inner), b = Numbers.AsSpan(^(shape.Inner * shape.Columns)..);
        float[] expected = new float[shape.Rows * shape.Columns];
        if (shape.Accumulate) Numbers.AsSpan(0, expected.Length).CopyTo(expected);
        else Array.Fill(expected, float.NaN);
        Span<float> c = C.Take(expected, side);
        FloatGemm.MultiplyScalar(shape, part(shape), a, b, expected);
        FloatGemmForms.Multiply(form, shape, part(shape), A.Take(a, side), B.Take(b, side), c);
        return Compare.Same(c, expected, $"{shape}, {part(shape)}");
    }
}
