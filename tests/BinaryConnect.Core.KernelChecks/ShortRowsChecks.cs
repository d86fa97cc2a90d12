using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Loops that have one form. On whole numbers every sum is exact whatever its order.</summary>
internal static class ShortRowsChecks
{
    private const int MostRows = 26;
    private static readonly int[] Widths = [.. Enumerable.Range(1, 70), 127, 128, 129, 255, 256, 257, 300];
    private static readonly int[] Counts = [0, 1, 3, MostRows];
    private static readonly GuardedMemory<float> Values = new(MostRows * 300), Row = new(300);

    public static void Run(Report report)
    {
        report.Kernel("ShortRows.ScaleAndAdd", [Form.Dispatched], (_, side) => EveryShape(side, ScaleAndAdd));
        report.Kernel("ShortRows.IntegersToFloats", [Form.Dispatched], (_, side) => EveryShape(side, IntegersToFloats));
        report.Kernel("ShortRows.Sum", [Form.Dispatched], (_, side) => EveryShape(side, Sum));
    }

    private static string? EveryShape(Side side, Func<Side, float[], int, string?> check)
    {
        string? fault = null;
        foreach (int width in Widths)
        {
            foreach (int rows in Counts)
            {
                if (check(side, KernelInputs.Whole(rows * width, seed: width), width) is { } text)
                    fault ??= $"{rows} rows of {width}, {text}";
            }
        }

        return fault;
    }

    private static string? ScaleAndAdd(Side side, float[] values, int width)
    {
        float[] offsets = KernelInputs.Whole(width, seed: 1);
        Span<float> scaled = Values.Take(values, side);
        ShortRows.ScaleAndAdd(scaled, 2, Row.Take(offsets, side));
        return Compare.Same(scaled, [.. values.Select((value, i) => value * 2 + offsets[i % width])], "scaled");
    }

    private static string? IntegersToFloats(Side side, float[] values, int width)
    {
        Span<float> integers = Values.Take(Array.ConvertAll(values, value => BitConverter.Int32BitsToSingle((int)value)), side);
        ShortRows.IntegersToFloats(integers);
        return Compare.Same(integers, values, "converted");
    }

    private static string? Sum(Side side, float[] values, int width)
    {
        float[] expected = new float[width];
        for (int i = 0; i < values.Length; i++) expected[i % width] += values[i];
        Span<float> sums = Row.Take(width, side);
        sums.Fill(float.NaN);
        ShortRows.Sum(Values.Take(values, side), sums);
        return Compare.Same(sums, expected, "summed");
    }
}
