namespace BinaryConnect.Benchmarks;

/// <summary>
/// The training set of a step. Kernels skip blocks of zeros in one, and the other shows the time where they cannot.
/// </summary>
public enum Images
{
    /// <summary>The 55,000 training images: three in five of their blocks of eight pixels are all 0.</summary>
    Mnist,

    /// <summary>
    /// As many images with as many zeros, at random places: one in six of their blocks of eight pixels is all 0.
    /// </summary>
    Random,
}
