namespace BinaryConnect.Benchmarks;

/// <summary>
/// The training set of a step. Kernels can skip blocks of zeros in the first one. The second has few such blocks.
/// </summary>
public enum Images
{
    /// <summary>The 55,000 training images: three in five of their blocks of eight pixels are all 0.</summary>
    Mnist,

    /// <summary>
    /// The same number of images and of zeros, at random places: one in six blocks of eight pixels is all 0.
    /// </summary>
    Random,
}
