namespace BinaryConnect.Tests.Support;

/// <summary>Inputs to test kernels with, the same in every run.</summary>
internal static class KernelInputs
{
    /// <summary>Uniform in [−bound, bound).</summary>
    public static float[] Uniform(int length, int seed, float bound = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() * 2 - 1) * bound)];
    }

    /// <summary>
    /// Whole numbers in [−bound, bound]: their products and sums are exact in any order while they stay below 2²⁴.
    /// </summary>
    public static float[] Whole(int length, int seed, int bound = 8)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(-bound, bound + 1))];
    }
}
