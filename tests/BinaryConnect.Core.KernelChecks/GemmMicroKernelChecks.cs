using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>One tile from one panel each, on memory of just their size; a product's work space is longer.</summary>
internal static class GemmMicroKernelChecks
{
    private const int MostInner = 20, Gap = 3;
    private static readonly Form[] Lanes = [Form.Lanes128, Form.Lanes256, Form.Lanes512];
    private static readonly GuardedMemory<float> A = new(GemmMicroKernel.MostRows * MostInner);
    private static readonly GuardedMemory<float> B = new(GemmMicroKernel.MostColumns * MostInner);
    private static readonly GuardedMemory<float> C = new(GemmMicroKernel.MostRows * (GemmMicroKernel.MostColumns + Gap));

    public static void Run(Report report)
    {
        report.Kernel("GemmMicroKernel.Multiply", Lanes, (form, side) => form switch
        {
            Form.Lanes128 => EveryTile<Vector128<float>, Lanes128>(side),
            Form.Lanes256 => EveryTile<Vector256<float>, Lanes256>(side),
            _ => EveryTile<Vector512<float>, Lanes512>(side),
        });
    }

    private static string? EveryTile<TVector, TLanes>(Side side)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        string? fault = null;
        foreach (int rows in (ReadOnlySpan<int>)[GemmMicroKernel.SmallRows, GemmMicroKernel.Rows<TVector, TLanes>()])
        {
            for (int inner = 1; inner <= MostInner; inner++)
                fault ??= Check<TVector, TLanes>(side, rows, inner, add: false)
                    ?? Check<TVector, TLanes>(side, rows, inner, add: true);
        }

        return fault;
    }

    // Whole numbers make every sum exact. Values between the rows of C stay as they were.
    private static string? Check<TVector, TLanes>(Side side, int rows, int inner, bool add)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int columns = GemmMicroKernel.Columns<TVector, TLanes>(), stride = columns + Gap;
        float[] a = KernelInputs.Whole(rows * inner, seed: 1), b = KernelInputs.Whole(inner * columns, seed: 2);
        float[] expected = KernelInputs.Whole((rows - 1) * stride + columns, seed: 3);
        Span<float> c = C.Take(expected, side);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                ref float result = ref expected[i * stride + j];
                if (!add) result = 0;
                for (int p = 0; p < inner; p++) result += a[p * rows + i] * b[p * columns + j];
            }
        }

        GemmMicroKernel.Multiply<TVector, TLanes>(
            rows, ref A.Take(a, side)[0], ref B.Take(b, side)[0], inner, ref c[0], stride, add);
        return Compare.Same(c, expected, $"{rows} rows, {inner} inner, add {add}");
    }
}
