namespace BinaryConnect.Samples.Experiments.Networks;

/// <summary>Figures of first-layer weights, for pixels that vary.</summary>
/// <param name="Name">The name of the run.</param>
/// <param name="Units">The units of the layer.</param>
/// <param name="Largest">The largest |w|.</param>
/// <param name="Mean">The mean |w|.</param>
/// <param name="Smoothness">The correlation of weights of pixels that touch, over all units; NaN without any.</param>
internal sealed record FeatureFigures(string Name, int Units, double Largest, double Mean, double Smoothness)
{
    /// <summary>The figures of a layer.</summary>
    public static FeatureFigures Of(FirstLayer layer, PixelMap pixels)
    {
        double[] magnitudes = [.. Enumerable.Range(0, layer.Weights.Length)
            .Where(i => pixels.Varying[i % layer.Features]).Select(i => (double)Math.Abs(layer.Weights[i]))];
        (int First, int Second)[] pairs = [.. pixels.TouchingPairs()];
        List<double> first = [], second = [];
        for (int unit = 0; unit < layer.Units; unit++)
        {
            foreach ((int one, int other) in pairs)
            {
                first.Add(layer.Unit(unit)[one]);
                second.Add(layer.Unit(unit)[other]);
            }
        }

        double smoothness = first.Count > 0 ? Numbers.Correlation(first, second) : double.NaN;
        return new FeatureFigures(layer.Name, layer.Units, magnitudes.Max(), magnitudes.Average(), smoothness);
    }
}
