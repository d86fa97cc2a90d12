using BinaryConnect.Data;

namespace BinaryConnect.Benchmarks;

/// <summary>The training sets that steps of the tutorial's model are timed on.</summary>
internal static class StepImages
{
    /// <summary>55,000 rows of 784 bytes in ten classes.</summary>
    public static Dataset Load(Images images)
    {
        Dataset mnist = Mnist.Load(Path.Combine(AppContext.BaseDirectory, "mnist")).Train;
        return images == Images.Mnist ? mnist : RandomPixels.Create(mnist.Count, mnist.FeatureCount, mnist.ClassCount);
    }
}
