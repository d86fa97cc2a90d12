using System.Globalization;
using BinaryConnect.Guards;

namespace BinaryConnect.Losses;

/// <summary>Checks the class weights of a loss, and describes them.</summary>
internal static class ClassWeights
{
    /// <summary>A copy of weights; null for null.</summary>
    /// <exception cref="ArgumentException">
    /// There is no weight, one is negative, NaN or infinite, or all are 0.
    /// </exception>
    public static float[]? Copy(IReadOnlyList<float>? weights, string name)
    {
        if (weights is null) return null;
        float[] copy = [.. weights];
        for (int k = 0; k < copy.Length; k++)
        {
            if (!(copy[k] >= 0 && float.IsFinite(copy[k])))
                throw new ArgumentException($"'{name}' has {copy[k]} at {k:N0}; it must be zero or positive, and finite.", name);
        }

        return copy.Any(weight => weight > 0)
            ? copy
            : throw new ArgumentException($"'{name}' has no weight above 0; it must have one at least.", name);
    }

    /// <summary>Throws unless there is one weight for each class.</summary>
    /// <exception cref="ArgumentException">There is not.</exception>
    public static void Check(IReadOnlyList<float> weights, int classes) =>
        Guard.Length(weights.Count, classes, nameof(IClassWeighted.ClassWeights), "a weight for each class");

    /// <summary>The weights as files have them: "[1, 0.25]".</summary>
    public static string Text(IReadOnlyList<float> weights) =>
        $"[{string.Join(", ", weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture)))}]";
}
