namespace BinaryConnect.Losses;

/// <summary>
/// A loss over logits, averaged over the rows of a batch. Implementations hold no state and are safe from any number of
/// threads.
/// </summary>
public interface ILoss
{
    /// <summary>The mean loss.</summary>
    /// <param name="logits">z, [n, c].</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1, in [0, c).</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit together or a label is out of range.</exception>
    double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels);

    /// <summary>The mean loss, and its gradient with respect to the logits.</summary>
    /// <param name="logits">z, [n, c].</param>
    /// <param name="labels">The class of each row, [n], n ≥ 1, in [0, c).</param>
    /// <param name="logitsGradient">dL/dz, [n, c]; apart from <paramref name="logits"/>.</param>
    /// <returns>The loss, averaged over rows.</returns>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, a label is out of range or the spans overlap.
    /// </exception>
    double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient);
}
