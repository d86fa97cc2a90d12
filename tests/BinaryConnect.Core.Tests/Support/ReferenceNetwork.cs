using BinaryConnect.Models;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// A network in float64 with the effective values of another. A test may change any of them and see the change of
/// outputs.
/// </summary>
internal sealed class ReferenceNetwork(MultilayerPerceptron model)
{
    private readonly MultilayerPerceptronOptions _options = model.Options;
    private readonly double[]?[] _signInputs = new double[model.DenseLayers.Count][];

    public double[][] Weights { get; } = [.. model.DenseLayers.Select(layer => Numbers.Doubles(layer.Weights.Effective))];

    public double[][] Biases { get; } =
        [.. model.DenseLayers.Where(layer => layer.Bias is not null).Select(layer => Numbers.Doubles(layer.Bias!.Latent))];

    public double[][] Gammas { get; } = [.. model.Normalizations.Select(layer => Numbers.Doubles(layer.Gamma.Latent))];

    public double[][] Betas { get; } = [.. model.Normalizations.Select(layer => Numbers.Doubles(layer.Beta.Latent))];

    /// <summary>The dropout factors of the inputs of each dense layer; null for no dropout there.</summary>
    public double[]?[] Masks { get; } = new double[model.DenseLayers.Count][];

    /// <summary>Takes over the masks that the network's dropout will draw next.</summary>
    public void TakeMasks(int rows)
    {
        int first = _options.InputDropout > 0 ? 0 : 1;
        for (int i = 0; i < model.Dropouts.Count; i++)
            Masks[first + i] = Numbers.Doubles(LayerRun.NextMask(model.Dropouts[i], rows));
    }

    /// <summary>The outputs as in training.</summary>
    /// <param name="features">X, [n, f].</param>
    /// <param name="rows">n.</param>
    /// <param name="onSums">Told each dense layer's number and outputs.</param>
    public double[] Outputs(double[] features, int rows, Action<int, double[]>? onSums = null)
    {
        double[] x = features;
        for (int i = 0; i < Weights.Length; i++)
        {
            if (Masks[i] is double[] mask) x = ReferenceLayers.Multiply(x, mask);
            x = ReferenceLayers.Dense(x, Weights[i], _options.Normalization == Normalization.None ? Biases[i] : null, rows);
            onSums?.Invoke(i, x);
            if (_options.Normalization == Normalization.Batch)
            {
                (double[] mean, double[] variance) = ReferenceLayers.Moments(x, rows);
                x = ReferenceLayers.Normalize(x, mean, variance, Gammas[i], Betas[i], _options.NormalizationEpsilon);
            }

            if (i == Weights.Length - 1) continue;
            if (_options.Activation == Activation.Relu) x = ReferenceLayers.Rectify(x);
            if (_options.Activation == Activation.Sign) x = Signs(x, _signInputs[i] ??= x);
        }

        return x;
    }

    // The signs of the first call, and from there on the slope of clamp(x, −1, 1): the straight-through rule.
    private static double[] Signs(double[] x, double[] first) =>
        [.. x.Zip(first, (now, then) => (then < 0 ? -1 : 1) + Math.Clamp(now, -1, 1) - Math.Clamp(then, -1, 1))];
}
