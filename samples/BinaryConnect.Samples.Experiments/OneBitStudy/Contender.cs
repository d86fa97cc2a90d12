using BinaryConnect.Data;
using BinaryConnect.Inference;

namespace BinaryConnect.Samples.Experiments.OneBitStudy;

/// <summary>A trained model, ready to predict.</summary>
/// <param name="Name">The name in tables and pictures.</param>
/// <param name="Model">The model.</param>
internal sealed record Contender(string Name, PackedModel Model)
{
    /// <summary>Predicts the classes, [n], of many images of bytes, [n, f], together, on one thread.</summary>
    public Action<ReadOnlySpan<byte>, Span<int>> Many { get; init; } = (pixels, classes) => Model.Predict(pixels, classes);

    /// <summary>The bytes of its file.</summary>
    public long FileBytes
    {
        get
        {
            using var file = new MemoryStream();
            Model.Save(file);
            return file.Length;
        }
    }

    /// <summary>The share of images whose predicted class is wrong.</summary>
    public double ErrorOn(Dataset images) => 1 - Model.Accuracy(images, Environment.ProcessorCount);
}
