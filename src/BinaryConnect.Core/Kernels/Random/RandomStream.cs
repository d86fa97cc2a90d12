namespace BinaryConnect.Kernels.Random;

/// <summary>
/// What random numbers are drawn for. Each purpose has streams of its own, so that one seed may serve them all without two
/// of them ever seeing the same numbers.
/// </summary>
internal static class RandomStream
{
    public const ulong Initialization = 1UL << 56;
    public const ulong Shuffle = 2UL << 56;
    public const ulong Binarization = 3UL << 56;
    public const ulong BinarizationTie = 4UL << 56;
    public const ulong Dropout = 5UL << 56;
}
