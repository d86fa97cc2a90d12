using System.Globalization;
using BinaryConnect.Models.Products;
using BinaryConnect.Settings;

namespace BinaryConnect.Models;

/// <summary>
/// The options of a <see cref="MultilayerPerceptron"/>. The defaults are those of the paper's MNIST experiment; the
/// sizes have none.
/// </summary>
public sealed record MultilayerPerceptronOptions
{
    private const int MostUnits = PackedWeights.MostUnits, MostWeights = PackedWeights.MostWeights;

    /// <summary>The number of features of an input row, f; from 1 to 67,108,864.</summary>
    public required int Features { get; init; }

    /// <summary>The units of each hidden layer, each from 1 to 67,108,864; empty for none.</summary>
    public required IReadOnlyList<int> HiddenUnits { get; init => field = value is null ? null! : [.. value]; }

    /// <summary>The number of classes, c; from 2 to 67,108,864.</summary>
    public required int Classes { get; init; }

    /// <summary>The activation function of the hidden layers.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The normalization after every dense layer.</summary>
    public Normalization Normalization { get; init; } = Normalization.Batch;

    /// <summary>ε of the batch normalization, positive and finite.</summary>
    public float NormalizationEpsilon { get; init; } = 1e-4f;

    /// <summary>How far a batch moves the running averages of the batch normalization: above 0, at most 1.</summary>
    public float NormalizationMomentum { get; init; } = 0.15f;

    /// <summary>The probability that an input value is dropped in training: at least 0, below 1.</summary>
    public float InputDropout { get; init; }

    /// <summary>The probability that a hidden value is dropped in training: at least 0, below 1.</summary>
    public float HiddenDropout { get; init; }

    /// <summary>H, the magnitude of a binarized weight and the bound of the latent ones: positive and finite.</summary>
    public float Bound { get; init; } = 1;

    /// <summary>
    /// Latent weights start uniform in [−r, r) with this r, positive, finite and at most <see cref="Bound"/>; null
    /// takes that of Glorot and Bengio for each layer, √(6/(fan_in + fan_out)), or the bound where that is less.
    /// </summary>
    public float? InitialRange { get; init; }

    /// <summary>The same seed gives the same initial weights, and the same dropout.</summary>
    public int Seed { get; init; }

    /// <summary>Throws unless every value is in range, naming all that are not.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message has a line for each.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        CheckSizes(faults);
        if (!Enum.IsDefined(Activation)) faults.Add(
            $"'Activation' is {Activation}; it must be one of {string.Join(", ", Enum.GetNames<Activation>())}.");
        if (!Enum.IsDefined(Normalization)) faults.Add(
            $"'Normalization' is {Normalization}; it must be one of {string.Join(", ", Enum.GetNames<Normalization>())}.");
        Positive(NormalizationEpsilon, nameof(NormalizationEpsilon));
        Positive(Bound, nameof(Bound));
        if (!(NormalizationMomentum > 0 && NormalizationMomentum <= 1))
            faults.Add($"'NormalizationMomentum' is {NormalizationMomentum}; it must be above 0 and at most 1.");
        Fraction(InputDropout, nameof(InputDropout));
        Fraction(HiddenDropout, nameof(HiddenDropout));
        if (InitialRange is float range && !(range > 0 && range <= Bound))
            faults.Add($"'InitialRange' is {range}; it must be positive and at most 'Bound', {Bound}, or null.");
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults));

        void Positive(float value, string name)
        {
            if (!(value > 0 && float.IsFinite(value))) faults.Add($"'{name}' is {value}; it must be positive and finite.");
        }

        void Fraction(float value, string name)
        {
            if (!(value >= 0 && value < 1)) faults.Add($"'{name}' is {value}; it must be at least 0 and below 1.");
        }
    }

    /// <summary>Writes all but initial values; bounds belong to the parameters.</summary>
    internal void Describe(SettingsWriter to)
    {
        to.Write("features", Features);
        to.Write(
            "hidden_units", $"[{string.Join(", ", HiddenUnits.Select(units => units.ToString(CultureInfo.InvariantCulture)))}]");
        to.Write("classes", Classes);
        to.Write("activation", TextOf(Activation));
        to.Write("normalization", Normalization == Normalization.Batch ? "batch" : "none");
        to.Write("normalization_epsilon", NormalizationEpsilon);
        to.Write("normalization_momentum", NormalizationMomentum);
        to.Write("input_dropout", InputDropout);
        to.Write("hidden_dropout", HiddenDropout);
        to.Write("seed", Seed);
    }

    private static string TextOf(Activation activation) => activation switch
    {
        Activation.Identity => "identity",
        Activation.Sign => "sign",
        _ => "relu",
    };

    private void CheckSizes(List<string> faults)
    {
        if (Features is < 1 or > MostUnits) faults.Add($"'Features' is {Features:N0}; it must be from 1 to {MostUnits:N0}.");
        if (Classes is < 2 or > MostUnits) faults.Add($"'Classes' is {Classes:N0}; it must be from 2 to {MostUnits:N0}.");
        if (HiddenUnits is null)
        {
            faults.Add("'HiddenUnits' is null; it must be set.");
            return;
        }

        for (int i = 0; i < HiddenUnits.Count; i++)
        {
            if (HiddenUnits[i] is < 1 or > MostUnits)
                faults.Add($"'HiddenUnits' has {HiddenUnits[i]:N0} at {i:N0}; it must be from 1 to {MostUnits:N0}.");
        }

        int[] sizes = [Features, .. HiddenUnits, Classes];
        for (int i = 1; i < sizes.Length; i++)
        {
            bool areSizes = sizes[i - 1] is >= 1 and <= MostUnits && sizes[i] is >= 1 and <= MostUnits;
            if (areSizes && (long)sizes[i - 1] * sizes[i] > MostWeights)
                faults.Add($"Layer {i} has {sizes[i - 1]:N0} times {sizes[i]:N0} weights; it must have at most "
                    + $"{MostWeights:N0}.");
        }
    }
}
