using BinaryConnect.Data;

namespace BinaryConnect.Benchmarks;

/// <summary>The training sets for steps of the tutorial's model.</summary>
internal static class StepImages
{
    private const int Rows = 55_000;
    private const int Features = 784;
    private const int Classes = 10;

    /// <summary>55,000 rows of 784 bytes in ten classes.</summary>
    public static Dataset Load(Images images) => images == Images.Mnist
        ? Mnist.Load(Path.Combine(AppContext.BaseDirectory, "mnist")).Train
        : RandomPixels.Create(Rows, Features, Classes);
}
