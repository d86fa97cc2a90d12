using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Settings;
using BinaryConnect.Threading;

namespace BinaryConnect.Models;

/// <summary>
/// A network of layers, each of which takes the outputs of the one before. The outputs of the last are the scores that
/// a loss takes, one for each class.
/// </summary>
/// <remarks>
/// Only one caller at a time may train the network or change it: <see cref="Forward"/>,
/// <see cref="Backward"/>, <see cref="Binarize"/>, <see cref="RecomputeStatistics"/>, settings, and writing to
/// parameters or statistics. No other code may use the network meanwhile. Otherwise any number of threads may call
/// <see cref="Infer"/>, the methods of <see cref="Prediction"/>, and read values. They do so at once where every layer
/// has <see cref="Layer.HasStatelessInference"/>, else one after the other.
/// </remarks>
public class Sequential : IModel, ISharesThreads, ILimitsRows, ICopiesDraws, IDescribable
{
    private readonly Lock _gate = new();
    private readonly NetworkLayers _network;
    private readonly RandomDraws[] _random;
    private readonly IBinarizer[] _binarizers;
    private readonly int _seed;
    private NetworkWorkspace _workspace;
    private FreeSet<NetworkWorkspace> _free;
    private int _maxDegreeOfParallelism = 1;

    /// <summary>
    /// Makes a network with random latent weights. Their effective values are signs, or what a layer's own binarizer
    /// gives at test time.
    /// </summary>
    /// <param name="input">The shape of an input row.</param>
    /// <param name="seed">The same seed gives the same initial weights, and the same random numbers of layers.</param>
    /// <param name="layers">The layers, from the inputs on; each belongs to this network alone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layers"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no layer, one belongs to another network or cannot take the outputs of the one before, or two
    /// parameters have one name.
    /// </exception>
    public Sequential(FeatureShape input, int seed, IEnumerable<Layer> layers)
        : this(input, seed, layers, long.MaxValue)
    {
    }

    /// <summary>The same for layers that may have a limited number of values, such as those of a file.</summary>
    internal Sequential(FeatureShape input, int seed, IEnumerable<Layer> layers, long mostValues)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _seed = seed;
        InputShape = input;
        _network = new NetworkLayers(input, seed, layers, mostValues);
        Layers = Array.AsReadOnly(Array.ConvertAll(_network.Slots, slot => slot.Layer));
        Parameters = [.. _network.Slots.SelectMany(slot => slot.Parameters)];
        Statistics = [.. _network.Slots.SelectMany(slot => slot.Statistics)];
        _random = [.. _network.Slots.SelectMany(slot => slot.Random)];
        _binarizers = _network.OwnBinarizers();
        (_workspace, _free) = NewWorkspaces(1);
        Binarize(new DeterministicBinarizer(), forInference: true);
    }

    /// <summary>The layers, from the inputs on.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The shape of an input row.</summary>
    public FeatureShape InputShape { get; }

    /// <inheritdoc/>
    public int FeatureCount => InputShape.Length;

    /// <inheritdoc/>
    public int ClassCount => _network.Slots[^1].Output.Length;

    /// <summary>Layer by layer, in the order in which layers added them.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Layer by layer, in the order in which layers added them.</summary>
    public IReadOnlyList<Statistic> Statistics { get; }

    /// <summary>
    /// True: the first layer takes bytes as they are (<see cref="Layer.AcceptsBytes"/>), or the network converts them.
    /// </summary>
    public bool AcceptsBytes => true;

    /// <summary>The most that any layer requires: 2 with batch normalization of vectors, else 1.</summary>
    public int LeastRows => _network.LeastRows;

    /// <summary>
    /// How often each layer's random numbers were drawn, layer by layer, then how often each binarizer of a layer's own
    /// has drawn.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">
    /// There are more or fewer numbers, or one is negative or above 2⁵³.
    /// </exception>
    public IReadOnlyList<long> Draws
    {
        get => [.. _random.Select(random => random.Count), .. _binarizers.Select(binarizer => binarizer.Draws)];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Guard.Length(
                value.Count, _random.Length + _binarizers.Length, nameof(Draws),
                "a number for each layer and binarizer that draws");
            foreach (long draws in value) Guard.Count(draws, nameof(Draws));
            for (int i = 0; i < _random.Length; i++) _random[i].Count = value[i];
            for (int i = 0; i < _binarizers.Length; i++) _binarizers[i].Draws = value[_random.Length + i];
        }
    }

    /// <summary>
    /// The most threads that the network uses, the caller's included; 1 unless set. A product too small to be shared
    /// takes one. The results have the same bits for any number. If a thread cannot be started, the others do its
    /// work. The limit is 64 or the number of processors, whichever is larger; a larger value has the effect of the
    /// limit. In a browser any value has the effect of 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        set
        {
            Guard.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
            if (value == _maxDegreeOfParallelism) return;
            (_workspace, _free) = NewWorkspaces(value);
            _maxDegreeOfParallelism = value;
        }
    }

    /// <summary>The kind "sequential" with all layers, whatever the class of the network.</summary>
    internal IDescribable Structure => new NetworkStructure(DescribeLayers);

    /// <summary>The layers in their places.</summary>
    internal IReadOnlyList<LayerSlot> Slots => _network.Slots;

    int ILimitsRows.MostRows => _network.MostRows;

    WorkerPool ISharesThreads.Threads => _workspace.Threads;

    string IDescribable.Kind => "sequential";

    /// <summary>The sizes and the cost of each layer; its text is a table to print.</summary>
    /// <returns>Sizes alone, which no training changes.</returns>
    public NetworkSummary Summary() => NetworkSummary.Of(_network.Slots);

    /// <inheritdoc/>
    public void Binarize(IBinarizer binarizer, bool forInference = false)
    {
        ArgumentNullException.ThrowIfNull(binarizer);
        _workspace.Binarize(binarizer, forInference);
    }

    /// <summary>Computes the outputs as in training: batch statistics, dropout; running averages move.</summary>
    /// <inheritdoc/>
    public void Forward(Batch batch, Span<float> logits)
    {
        CheckShapes(batch, logits.Length, nameof(logits));
        _workspace.Forward(batch, PassMode.Training);
        _workspace.Outputs.Span[..logits.Length].CopyTo(logits);
    }

    /// <summary>
    /// Computes the outputs as at test time: running averages, no dropout. Any number of threads may call it while
    /// nobody changes the network. The outputs of a row may differ in their last bits with the number of rows.
    /// </summary>
    /// <inheritdoc/>
    public void Infer(Batch batch, Span<float> logits)
    {
        CheckShapes(batch, logits.Length, nameof(logits));
        if (_network.HasStatelessInference)
        {
            FreeSet<NetworkWorkspace> free = _free;
            NetworkWorkspace workspace = free.TryTake() ?? _network.NewWorkspace(new WorkerPool(1));
            try
            {
                InferIn(workspace, batch, logits);
            }
            finally
            {
                free.Return(workspace);
            }

            return;
        }

        lock (_gate) InferIn(_workspace, batch, logits);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The last batch that went through the network was not one given to <see cref="Forward"/>.
    /// </exception>
    public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
    {
        CheckShapes(batch, logitsGradient.Length, nameof(logitsGradient));
        int rows = _workspace.ForwardRows;
        if (rows == 0)
            throw new InvalidOperationException(
                "The last call was not 'Forward'; 'Backward' must follow 'Forward' of the same batch.");
        if (batch.Count != rows)
            throw new ArgumentException(
                $"'batch' has {batch.Count:N0} rows; it must be the batch last given to 'Forward', of {rows:N0}.", nameof(batch));
        _workspace.Backward(batch, logitsGradient);
    }

    /// <summary>
    /// Sets all statistics, such as mean and variance of batch normalization, to those of a whole data set. The
    /// effective weights do not change, dropout is off, and each batch is normalized by its own statistics. The
    /// published experiment does so before each evaluation.
    /// </summary>
    /// <param name="data">The training set.</param>
    /// <param name="batchSize">
    /// Rows that are normalized together, at least <see cref="LeastRows"/>; fewer rows at the end are left out.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="batchSize"/> is below <see cref="LeastRows"/>, above the number of rows, or too large for the
    /// buffers of the widest layer.
    /// </exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public void RecomputeStatistics(Dataset data, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(data);
        Guard.AtLeast(batchSize, LeastRows, nameof(batchSize));
        Guard.Length(data.FeatureCount, FeatureCount, nameof(data), "the model's feature count");
        if (batchSize > data.Count)
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), $"'batchSize' is {batchSize:N0}; it must be at most the number of rows, {data.Count:N0}.");
        CheckRows(batchSize, nameof(batchSize));
        if (Statistics.Count == 0) return;

        // Memory first: a failed allocation must not leave layers between BeginStatistics and EndStatistics.
        _workspace.EnsureRows(batchSize, PassMode.Statistics);
        foreach (LayerSlot slot in _network.Slots) slot.Layer.BeginStatistics();
        for (int start = 0; start <= data.Count - batchSize; start += batchSize)
            _workspace.Forward(data.ViewRaw(start, batchSize), PassMode.Statistics);
        foreach (LayerSlot slot in _network.Slots) slot.Layer.EndStatistics();
    }

    void ICopiesDraws.CopyDraws(Span<long> destination)
    {
        for (int i = 0; i < _random.Length; i++) destination[i] = _random[i].Count;
        for (int i = 0; i < _binarizers.Length; i++) destination[_random.Length + i] = _binarizers[i].Draws;
    }

    void IDescribable.Describe(SettingsWriter to) => DescribeLayers(to);

    private void DescribeLayers(SettingsWriter to)
    {
        to.Write("input", InputShape.ToString());
        to.Write("seed", _seed);
        to.Write("layers", Layers.Count);
        for (int i = 0; i < Layers.Count; i++)
        {
            to.WriteObject($"layer{i}", Layers[i]);
            if (Layers[i].Name is string name) to.Write($"layer{i}_name", name);
        }
    }

    private static void InferIn(NetworkWorkspace workspace, Batch batch, Span<float> logits)
    {
        workspace.Forward(batch, PassMode.Inference);
        workspace.Outputs.Span[..logits.Length].CopyTo(logits);
    }

    // The work space of training has the threads; other callers compute alone.
    private (NetworkWorkspace Training, FreeSet<NetworkWorkspace> Free) NewWorkspaces(int degreeOfParallelism)
    {
        NetworkWorkspace training = _network.NewWorkspace(new WorkerPool(degreeOfParallelism));
        var free = new FreeSet<NetworkWorkspace>();
        free.Return(training);
        return (training, free);
    }

    private void CheckShapes(Batch batch, int length, string name)
    {
        Guard.Length(batch.FeatureCount, FeatureCount, nameof(batch), "the model's feature count");
        Guard.Area(length, batch.Count, ClassCount, name, "a row of classes for each row of the batch");
        CheckRows(batch.Count, nameof(batch));
    }

    private void CheckRows(int rows, string name)
    {
        if (rows <= _network.MostRows) return;
        throw new ArgumentOutOfRangeException(
            name,
            $"'{name}' has {rows:N0} rows; at {_network.Widest:N0} values a row in the widest layer it must have at most "
            + $"{_network.MostRows:N0}.");
    }
}
