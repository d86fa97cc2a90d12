namespace BinaryConnect.Benchmarks;

/// <summary>What a step is trained on. Leaving out zeros helps the one, and the other shows what a step takes where it cannot.</summary>
public enum Images
{
    /// <summary>The 55,000 training images: three in five of their stretches of eight pixels are all 0.</summary>
    Mnist,

    /// <summary>As many images of as many zeros, scattered: one in six of their stretches of eight pixels is all 0.</summary>
    Random,
}
