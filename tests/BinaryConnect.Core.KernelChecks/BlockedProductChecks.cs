using BinaryConnect.Kernels;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class BlockedProductChecks
{
    private static readonly int[] Rows = [1, 5, 6, 7, 12, 13, 20], Columns = [1, 7, 8, 9, 16, 17, 33, 65], Inners = [1, 3, 4, 5, 9, 17];

    // Two sides longer than a block and no multiple of a tile, in turn.
    private static readonly ProductShape[] AcrossBlocks =
    [
        new(ProductWorkspace.MostRows + 7, ProductWorkspace.MostColumns + 17, 3),
        new(ProductWorkspace.MostRows + 7, 9, ProductWorkspace.MostInner + 3),
        new(7, ProductWorkspace.MostColumns + 17, ProductWorkspace.MostInner + 3),
    ];

    private static readonly int MostValues =
        AcrossBlocks.Max(shape => Math.Max(shape.Rows * shape.Columns, Math.Max(shape.Rows, shape.Columns) * shape.Inner));

    private static readonly GuardedMemory<float> A = new(MostValues), B = new(MostValues), C = new(MostValues);

    // Small whole numbers: every sum is exact whatever its order, so all forms must agree to the bit.
    private static readonly float[] Numbers = KernelInputs.Whole(MostValues, seed: 1);

    public static void Run(Report report)
    {
        report.Kernel("BlockedProduct.Multiply", (form, side) => EveryWay(form, side, Small(), BlockedProduct.Whole));
        report.Kernel("BlockedProduct.Multiply, parts", (form, side) => EveryWay(form, side, Small(), Inside));
        report.Kernel("BlockedProduct.Multiply, across blocks", (form, side) => EveryWay(form, side, AcrossBlocks, BlockedProduct.Whole));
    }

    private delegate ProductPart Part(in ProductShape shape);

    private static IEnumerable<ProductShape> Small() =>
        from rows in Rows from columns in Columns from inner in Inners select new ProductShape(rows, columns, inner);

    private static ProductPart Inside(in ProductShape shape) =>
        new(shape.Rows / 3, Math.Max(1, shape.Rows / 2), shape.Columns / 3, Math.Max(1, shape.Columns / 2));

    private static string? EveryWay(Form form, Side side, IEnumerable<ProductShape> shapes, Part part)
    {
        string? fault = null;
        foreach (ProductShape shape in shapes)
        {
            for (int way = 0; way < 8; way++)
            {
                fault ??= Check(form, side, shape with { TransposeA = (way & 1) != 0, TransposeB = (way & 2) != 0, Accumulate = (way & 4) != 0 }, part);
            }
        }

        return fault;
    }

    // What C held is read only to be added to, and stays outside the part.
    private static string? Check(Form form, Side side, ProductShape shape, Part part)
    {
        ReadOnlySpan<float> a = Numbers.AsSpan(0, shape.Rows * shape.Inner), b = Numbers.AsSpan(^(shape.Inner * shape.Columns)..);
        float[] expected = new float[shape.Rows * shape.Columns];
        if (shape.Accumulate) Numbers.AsSpan(0, expected.Length).CopyTo(expected);
        else Array.Fill(expected, float.NaN);
        Span<float> c = C.Take(expected, side);
        BlockedProduct.MultiplyScalar(shape, part(shape), a, b, expected);
        BlockedProductForms.Multiply(form, shape, part(shape), A.Take(a, side), B.Take(b, side), c);
        return Compare.Same(c, expected, $"{shape}, {part(shape)}");
    }
}
