using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Panels on memory of just their size; a product's work space is longer.</summary>
internal static class GemmPackingChecks
{
    private const int Most = 70, Gap = 3, Widest = GemmMicroKernel.MostColumns;
    private static readonly int[] Widths = [GemmMicroKernel.SmallRows, 8, GemmMicroKernel.MostRows, 16, Widest];
    private static readonly int[] Vectors = [1, 2, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, Most];
    private static readonly int[] Inners = [1, 2, 3, 4, 5, 8, 9, 33];
    private static readonly Form[] Lanes = [Form.Lanes128, Form.Lanes256, Form.Lanes512];
    private static readonly GuardedMemory<float> Source = new((Most + Gap) * Most), Panels = new((Most + Widest) * Most);

    public static void Run(Report report)
    {
        report.Kernel("GemmPacking.PackColumns", Lanes, (form, side) => EveryShape(side, columns: true, form));
        report.Kernel("GemmPacking.PackRows", [Form.Dispatched], (form, side) => EveryShape(side, columns: false, form));
    }

    private static string? EveryShape(Side side, bool columns, Form form)
    {
        string? fault = null;
        foreach (int width in Widths)
        {
            foreach (int vectors in Vectors)
            {
                foreach (int inner in Inners) fault ??= Check(side, columns, form, width, vectors, inner);
            }
        }

        return fault;
    }

    // Rows of the source are apart; nothing follows its last value.
    private static string? Check(Side side, bool columns, Form form, int width, int vectors, int inner)
    {
        int stride = (columns ? vectors : inner) + Gap;
        int length = ((columns ? inner : vectors) - 1) * stride + (columns ? vectors : inner);
        float[] values = KernelInputs.Uniform(length, seed: vectors);
        float[] expected = new float[(vectors + width - 1) / width * width * inner];
        for (int v = 0; v < vectors; v++)
        {
            for (int p = 0; p < inner; p++)
                expected[v / width * width * inner + p * width + v % width] = values[columns ? p * stride + v : v * stride + p];
        }

        ReadOnlySpan<float> source = Source.Take(values, side);
        Span<float> panels = Panels.Take(expected.Length, side);
        panels.Fill(float.NaN);
        switch (form)
        {
            case Form.Lanes128:
                GemmPacking.PackColumns<Vector128<float>, Lanes128>(source, stride, vectors, inner, width, panels);
                break;
            case Form.Lanes256:
                GemmPacking.PackColumns<Vector256<float>, Lanes256>(source, stride, vectors, inner, width, panels);
                break;
            case Form.Lanes512:
                GemmPacking.PackColumns<Vector512<float>, Lanes512>(source, stride, vectors, inner, width, panels);
                break;
            default: GemmPacking.PackRows(source, stride, vectors, inner, width, panels); break;
        }

        return Compare.Same(panels, expected, $"{vectors} vectors of {inner}, {width} wide");
    }
}
