namespace BinaryConnect.Kernels.Random;

/// <summary>
/// The purposes of random numbers. Each has its own streams, so that all can share one seed and no two see the same
/// numbers.
/// </summary>
internal static class RandomStream
{
    public const ulong Initialization = 1UL << 56;
    public const ulong Shuffle = 2UL << 56;
    public const ulong Binarization = 3UL << 56;
    public const ulong BinarizationTie = 4UL << 56;
    public const ulong Dropout = 5UL << 56;
    public const ulong Rows = 6UL << 56;
}
