using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.KernelChecks;

internal static class HorizontalSumsChecks
{
    public static void Run(Report report)
    {
        report.Count("HorizontalSums.Four, floats", Floats());
        report.Count("HorizontalSums.Four, integers", Integers());
    }

    private static string? Floats()
    {
        Vector128<float> sums = HorizontalSums.Four(
            Vector128.Create(1f, 2, 3, 4), Vector128.Create(10f, 20, 30, 40), Vector128.Create(100f, 200, 300, 400),
            Vector128.Create(-1f, -2, -3, -5));
        return sums == Vector128.Create(10f, 100, 1000, -11) ? null : $"{sums}";
    }

    private static string? Integers()
    {
        Vector128<int> sums = HorizontalSums.Four(
            Vector128.Create(1, 2, 3, 4), Vector128.Create(10, 20, 30, 40), Vector128.Create(100, 200, 300, 400),
            Vector128.Create(-1, -2, -3, -5));
        return sums == Vector128.Create(10, 100, 1000, -11) ? null : $"{sums}";
    }
}
