using BinaryConnect.Inference;

namespace BinaryConnect.Fuzz.Models;

/// <summary>
/// Scores of a packed model in double precision, as docs/file-formats.md defines them. With each value goes the sum of
/// the magnitudes that made it, since rounding in single precision is relative to that sum.
/// </summary>
internal static class PackedReference
{
    // Sums may overflow above; products below may be subnormal.
    private const double Largest = 1e36, Smallest = 1e-36, Rounding = 1e-4;

    /// <summary>
    /// The first score of a row that is wrong, or null. Models whose layers round inputs, or give signs, are not
    /// compared: an input near the middle between two bytes, or near 0, may have either.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The row, [f].</param>
    /// <param name="magnitudes">The magnitudes of each x: of the summands that it is computed from, [f].</param>
    /// <param name="scores">The scores to compare, [c].</param>
    public static string? FaultOf(PackedModel model, double[] x, double[] magnitudes, ReadOnlySpan<float> scores)
    {
        if (model.Layers.Any(layer => layer.HasSignOutput || layer.InputBytes is not null)) return null;
        double[] errors = new double[x.Length];
        foreach (PackedLayer layer in model.Layers)
        {
            (x, magnitudes, errors) = Outputs(layer, x, magnitudes, errors);
            if (!magnitudes.All(magnitude => magnitude < Largest)) return null;
        }

        for (int j = 0; j < x.Length; j++)
        {
            double most = Rounding * magnitudes[j] + errors[j];
            if (!(Math.Abs(scores[j] - x[j]) <= most)) return $"score {j} is {scores[j]}; it must be {x[j]}, to {most}.";
        }

        return null;
    }

    private static (double[] Y, double[] Magnitudes, double[] Errors) Outputs(
        PackedLayer layer, double[] x, double[] magnitudes, double[] errors)
    {
        int outputs = layer.Outputs;
        double[] y = new double[outputs], sums = new double[outputs], left = new double[outputs];
        for (int j = 0; j < outputs; j++)
        {
            double z = 0, sum = 0, error = Smallest;
            for (int k = 0; k < layer.Inputs; k++)
            {
                double weight = WeightOf(layer, j, k);
                z += weight * x[k];
                sum += Math.Abs(weight) * magnitudes[k];
                error += Math.Abs(weight) * errors[k];
            }

            double scale = layer.Scale.Span[j], offset = layer.Offset.Span[j];
            y[j] = Math.Min(Math.Max(scale * z + offset, layer.Low), layer.High);
            sums[j] = Math.Max(Math.Abs(scale) * sum + Math.Abs(offset), Math.Abs(y[j]));
            if (sum >= Largest) sums[j] = double.PositiveInfinity;
            left[j] = Math.Abs(scale) * error + Smallest;
        }

        return (y, sums, left);
    }

    private static double WeightOf(PackedLayer layer, int output, int input)
    {
        if (!layer.Weights.IsEmpty) return layer.Weights.Span[output * layer.Inputs + input];
        if (layer.SignBits.IsEmpty) return output == input ? 1 : 0;
        return (layer.SignBits.Span[output * layer.BytesPerRow + input / 8] >> input % 8 & 1) == 1 ? 1 : -1;
    }
}
