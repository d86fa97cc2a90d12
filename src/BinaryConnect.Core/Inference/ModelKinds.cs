using BinaryConnect.Binarization;
using BinaryConnect.Guards;
using BinaryConnect.Models.Layers;
using BinaryConnect.Settings;

namespace BinaryConnect.Inference;

/// <summary>
/// Makes layers, and binarizers of layers, from the kinds and settings in a file. It knows those of this library; add
/// your own. Nothing is found by reflection.
/// </summary>
public sealed class ModelKinds
{
    private readonly Dictionary<string, Func<SettingsReader, Layer>> _layers = new(StringComparer.Ordinal)
    {
        ["batch_normalization"] = settings => new BatchNorm(settings.ReadNumber("epsilon"), settings.ReadNumber("momentum")),
        ["relu"] = _ => new Relu(),
        ["sign"] = settings => new SignActivation(settings.ReadNumber("passes")),
        ["identity"] = _ => new Identity(),
        ["learned_scale"] = _ => new LearnedScale(),
        ["dropout"] = settings => new Dropout(settings.ReadNumber("rate")),
    };

    private readonly Dictionary<string, Func<SettingsReader, IBinarizer>> _binarizers = new(StringComparer.Ordinal)
    {
        ["deterministic"] = _ => new DeterministicBinarizer(),
        ["identity"] = _ => new IdentityBinarizer(),
        ["stochastic"] = settings => new StochasticBinarizer(settings.ReadWhole("seed")),
    };

    /// <summary>Makes a table of this library's kinds.</summary>
    public ModelKinds() => _layers["binary_dense"] = Dense;

    /// <summary>Adds a kind of layer.</summary>
    /// <param name="kind">Its <see cref="Layer.Kind"/>.</param>
    /// <param name="make">
    /// Makes a layer from its settings, as <see cref="Layer.Describe"/> wrote them. Name and values are set by the
    /// file.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="kind"/> is null, empty, or known already.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="make"/> is null.</exception>
    public void AddLayer(string kind, Func<SettingsReader, Layer> make) => Add(_layers, kind, make);

    /// <summary>Adds a kind of binarizer.</summary>
    /// <param name="kind">Its <see cref="IDescribable.Kind"/>, or the full name of its type.</param>
    /// <param name="make">Makes a binarizer from its settings.</param>
    /// <exception cref="ArgumentException"><paramref name="kind"/> is null, empty, or known already.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="make"/> is null.</exception>
    public void AddBinarizer(string kind, Func<SettingsReader, IBinarizer> make) => Add(_binarizers, kind, make);

    /// <summary>The layer of some settings; null for a kind that is not known.</summary>
    internal Layer? Layer(SettingsReader settings) => _layers.TryGetValue(settings.Kind, out var make) ? make(settings) : null;

    private static void Add<T>(Dictionary<string, Func<SettingsReader, T>> table, string kind, Func<SettingsReader, T> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(make);
        if (!table.TryAdd(kind, make)) throw new ArgumentException($"'kind' is '{kind}', which is known already.", nameof(kind));
    }

    private BinaryDense Dense(SettingsReader settings) => new(settings.ReadWhole("outputs", 1))
    {
        Bound = settings.ReadNumber("bound"),
        HasBias = settings.ReadTruth("bias"),
        BinarizesBias = settings.ReadTruth("binarizes_bias"),
        InitialScale = settings.ReadTruth("scale") ? 1 : null,
        Binarizer = settings.Has("binarizer") ? Binarizer(settings.ReadObject("binarizer")) : null,
    };

    private IBinarizer Binarizer(SettingsReader settings) => _binarizers.TryGetValue(settings.Kind, out var make)
        ? make(settings)
        : throw settings.Fault($"a binarizer is of kind '{Excerpt.Of(settings.Kind)}'; its kind must be added to 'ModelKinds'.");
}
