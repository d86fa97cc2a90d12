using BinaryConnect.Guards;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Settings;

namespace BinaryConnect.Binarization;

/// <summary>w_b = +H where w ≥ 0, −H where w &lt; 0 (paper, equation 1; the tutorial's <c>binarize</c>).</summary>
public sealed class DeterministicBinarizer : ISignBinarizer, IDescribable
{
    /// <summary>
    /// Effectively computes <c>destination[i] = weights[i] &lt; 0 ? −bound : bound</c>: 0, −0 and NaN give +H.
    /// Deterministic, and safe from any number of threads.
    /// </summary>
    /// <inheritdoc/>
    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
    {
        Guard.Length(destination.Length, weights.Length, nameof(destination), "the length of 'weights'");
        Guard.SameOrDisjoint(destination, weights, nameof(destination), nameof(weights));
        Guard.Positive(bound, nameof(bound));
        Signs.Binarize(weights, bound, destination);
    }

    string IDescribable.Kind => "deterministic";

    void IDescribable.Describe(SettingsWriter to)
    {
    }

    ulong ISignBinarizer.BeginCall() => 0;

    void ISignBinarizer.BinarizePart(ReadOnlySpan<float> weights, Span<float> destination, float bound, int first, ulong call) =>
        Signs.Binarize(weights, bound, destination);
}
