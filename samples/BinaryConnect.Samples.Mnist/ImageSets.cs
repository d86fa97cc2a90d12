using BinaryConnect.Data;
using BinaryConnect.Samples.Mnist.Saved;

namespace BinaryConnect.Samples.Mnist;

/// <summary>The images of a recipe.</summary>
/// <param name="Train">The images to train on.</param>
/// <param name="Validation">The images that choose a step.</param>
/// <param name="Test">The images that measure.</param>
internal sealed record ImageSets(Dataset Train, Dataset Validation, Dataset Test)
{
    /// <summary>MNIST's own images, with its first 5,000 for validation.</summary>
    public static ImageSets Load(string folder, float scale = 1f / 255, float shift = 0)
    {
        var mnist = Data.Mnist.Load(folder, scale: scale, shift: shift);
        return new ImageSets(mnist.Train, mnist.Validation, mnist.Test);
    }

    /// <summary>Small images. Training takes those of validation, too.</summary>
    public static ImageSets LoadSmall(string folder, int side, float scale, float shift)
    {
        ImageSets full = Load(folder, scale, shift);
        Dataset validation = SmallImages.Of(full.Validation, side), train = SmallImages.Of(full.Train, side);
        byte[] pixels = [.. Pixels.Of(train), .. Pixels.Of(validation)];
        int[] labels = [.. train.Labels, .. validation.Labels];
        var all = Dataset.FromBytes(pixels, labels, train.FeatureCount, train.ClassCount, scale, shift);
        return new ImageSets(all, validation, SmallImages.Of(full.Test, side));
    }
}
