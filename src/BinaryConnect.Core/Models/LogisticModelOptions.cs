using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Models;

/// <summary>
/// The options of a <see cref="LogisticModel"/>. The defaults are the tutorial's; the two counts have none.
/// </summary>
public sealed record LogisticModelOptions
{
    /// <summary>
    /// The number of features of an input row, f; at least 1. Times the number of classes it is at most 2,147,418,112.
    /// </summary>
    public required int Features { get; init; }

    /// <summary>The number of classes, c; at least 2.</summary>
    public required int Classes { get; init; }

    /// <summary>The same seed gives the same initial weights.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The lower end of the initial latent weights, which are uniform in [InitialMinimum, InitialMaximum).
    /// </summary>
    public float InitialMinimum { get; init; }

    /// <summary>The upper end of the initial latent weights.</summary>
    public float InitialMaximum { get; init; } = 1;

    /// <summary>Every bias at the start.</summary>
    public float InitialBias { get; init; } = 1;

    /// <summary>
    /// Whether the bias is binarized as the weights are; its latent values are never clipped.
    /// </summary>
    public bool BinarizeBias { get; init; }

    /// <summary>
    /// The output scale s at the start, positive; null for none. With it z = s·(x·w_b) + b, and s is learned as exp(ρ),
    /// so it stays positive. It costs nothing at inference: s &gt; 0 leaves the order of x·w_b + b/s as it is.
    /// </summary>
    public float? OutputScale { get; init; }

    /// <summary>Throws unless every value is in range, naming all that are not.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message has a line for each.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Features < 1) faults.Add($"'Features' is {Features:N0}; it must be at least 1.");
        if (Classes < 2) faults.Add($"'Classes' is {Classes:N0}; it must be at least 2.");
        if (Features > 0 && Classes > 0 && (long)Features * Classes > AlignedBuffer.MostLength)
            faults.Add($"'Features' times 'Classes' is {(long)Features * Classes:N0}; it must be at most "
                + $"{AlignedBuffer.MostLength:N0}.");
        if (!float.IsFinite(InitialMinimum)) faults.Add($"'InitialMinimum' is {InitialMinimum}; it must be finite.");
        if (!float.IsFinite(InitialMaximum)) faults.Add($"'InitialMaximum' is {InitialMaximum}; it must be finite.");
        if (InitialMaximum < InitialMinimum) faults.Add(
            $"'InitialMaximum' is {InitialMaximum}; it must be at least 'InitialMinimum', {InitialMinimum}.");
        float range = InitialMaximum - InitialMinimum;
        if (float.IsFinite(InitialMaximum) && float.IsFinite(InitialMinimum) && !float.IsFinite(range))
            faults.Add($"'InitialMaximum' minus 'InitialMinimum' is {range}; it must be finite.");
        if (!float.IsFinite(InitialBias)) faults.Add($"'InitialBias' is {InitialBias}; it must be finite.");
        if (OutputScale is float scale && !(scale > 0 && float.IsFinite(scale))) faults.Add(
            $"'OutputScale' is {scale}; it must be positive and finite, or null.");
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults));
    }
}
