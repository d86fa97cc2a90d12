using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Settings;
using BinaryConnect.Threading;
using static System.FormattableString;

namespace BinaryConnect.Models;

/// <summary>
/// The paper's fully connected network (section 3.1): dense layers with binarized weights, each followed by batch normalization,
/// a rectifier and, if asked for, dropout; the last one by normalization alone. Its outputs are the scores that the loss takes.
/// </summary>
/// <remarks>
/// Training belongs to one caller, and so does whatever changes the network: <see cref="Forward"/>,
/// <see cref="Backward"/>, <see cref="Binarize"/>, <see cref="RecomputeStatistics"/>, settings, and writing to
/// parameters or statistics. Nobody else may use the network meanwhile. Otherwise any number of threads may call
/// <see cref="Infer"/> and read values.
/// </remarks>
public sealed class MultilayerPerceptron : IModel, ISharesThreads, ILimitsRows, ICopiesDraws, IDescribable
{
    private readonly Lock _gate = new();
    private readonly ILayer[] _layers;
    private readonly BinaryDense[] _dense;
    private readonly BatchNorm[] _norms;
    private readonly Dropout[] _dropouts;
    private readonly NetworkBuffers _buffers;
    private readonly NetworkBinarization _propagation = new();
    private readonly int _widest;
    private LayerWorkspace _workspace;
    private int _maxDegreeOfParallelism = 1;

    // Rows of the batch last given to Forward, whose values the buffers hold; 0 if another batch went through since.
    private int _forwardRows;

    /// <summary>Makes a network with random latent weights.</summary>
    /// <param name="options">Sizes, layers and starting values.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message has a line for each.</exception>
    public MultilayerPerceptron(MultilayerPerceptronOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _widest = Math.Max(Math.Max(options.Features, options.Classes), options.HiddenUnits.DefaultIfEmpty().Max());
        _workspace = new LayerWorkspace(1, _widest);
        _layers = NetworkBuilder.Build(options, _workspace);
        _dense = [.. _layers.OfType<BinaryDense>()];
        _norms = [.. _layers.OfType<BatchNorm>()];
        _dropouts = [.. _layers.OfType<Dropout>()];
        _buffers = new NetworkBuffers(_layers);
        Parameters = [.. _layers.SelectMany(layer => layer.Parameters)];
        Statistics = [.. _layers.SelectMany(layer => layer.Statistics)];
        LeastRows = _layers.Max(layer => layer.LeastRows);
        Binarize(new DeterministicBinarizer());
    }

    /// <summary>What it was made from.</summary>
    public MultilayerPerceptronOptions Options { get; }

    /// <inheritdoc/>
    public int FeatureCount => Options.Features;

    /// <inheritdoc/>
    public int ClassCount => Options.Classes;

    /// <summary>The dense layers, from the inputs on.</summary>
    public IReadOnlyList<BinaryDense> DenseLayers => _dense;

    /// <summary>The batch normalizations, one for each dense layer; none without.</summary>
    public IReadOnlyList<BatchNorm> Normalizations => _norms;

    /// <summary>The dropout layers, from the inputs on; none without.</summary>
    public IReadOnlyList<Dropout> Dropouts => _dropouts;

    /// <summary>Layer by layer: weights and, where there are any, biases, γ and β.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Layer by layer: mean and variance of the batch normalization.</summary>
    public IReadOnlyList<Statistic> Statistics { get; }

    /// <summary>True: bytes are widened row by row into the network's own input buffer.</summary>
    public bool AcceptsBytes => true;

    /// <summary>2 with batch normalization, which a single row has no variance for; 1 without.</summary>
    public int LeastRows { get; }

    /// <summary>How many batches each of <see cref="Dropouts"/> has drawn.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">
    /// There are more or fewer numbers than dropout layers, or one is negative or above 2⁵³.
    /// </exception>
    public IReadOnlyList<long> Draws
    {
        get => [.. _dropouts.Select(layer => layer.Draws)];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Guard.Length(value.Count, _dropouts.Length, nameof(Draws), "a number for each dropout layer");
            foreach (long draws in value) Guard.Count(draws, nameof(Draws));
            for (int i = 0; i < _dropouts.Length; i++) _dropouts[i].Draws = value[i];
        }
    }

    /// <summary>
    /// The most threads that the network uses, the caller's among them; 1 unless set. Products too small to be split take one. The
    /// results are the same to the bit for any number.
    /// Those that cannot be started leave their work to the others; a browser starts none. More than 64, or than the
    /// machine has processors if it has more, are as good as that many.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        set
        {
            Guard.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
            if (value == _maxDegreeOfParallelism) return;
            _maxDegreeOfParallelism = value;
            _workspace = new LayerWorkspace(value, _widest);
            foreach (ILayer layer in _layers) layer.Workspace = _workspace;
        }
    }

    /// <summary>The values of a batch in the widest layer fit one buffer.</summary>
    int ILimitsRows.MostRows => SignGemm.MostRows(_widest);

    WorkerPool ISharesThreads.Threads => _workspace.Split;

    void ICopiesDraws.CopyDraws(Span<long> destination)
    {
        for (int i = 0; i < _dropouts.Length; i++) destination[i] = _dropouts[i].Draws;
    }

    /// <summary>What each layer holds and costs; its text is a table to print.</summary>
    /// <returns>Sizes alone, which no training changes.</returns>
    public NetworkSummary Summary() => NetworkSummary.Of(_layers);

    /// <inheritdoc/>
    public void Binarize(IBinarizer binarizer)
    {
        ArgumentNullException.ThrowIfNull(binarizer);
        _propagation.Run(_dense, binarizer, _workspace);
    }

    /// <summary>
    /// Computes the outputs as in training: normalized by the batch, with dropout; running averages move. Normalized by
    /// itself, a batch of one row gives β whatever it is, and does not move the averages.
    /// </summary>
    /// <inheritdoc/>
    public void Forward(Batch batch, Span<float> logits)
    {
        Run(batch, logits, isTraining: true);
        _forwardRows = batch.Count;
    }

    /// <summary>
    /// Computes the outputs as at test time: normalized by the running averages, without dropout. Any number of threads
    /// may call it while nobody changes the network; each waits for the one before.
    /// </summary>
    /// <inheritdoc/>
    public void Infer(Batch batch, Span<float> logits) => Run(batch, logits, isTraining: false);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The last batch that went through the network was not one given to <see cref="Forward"/>.</exception>
    public void Backward(Batch batch, ReadOnlySpan<float> logitsGradient)
    {
        CheckShape(batch);
        Guard.Area(logitsGradient.Length, batch.Count, ClassCount, nameof(logitsGradient), "a row of classes for each row of the batch");
        CheckFollowsForward(batch);
        Memory<float> gradient = _buffers.Gradient(0), other = _buffers.Gradient(1);
        logitsGradient.CopyTo(gradient.Span);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            ILayer layer = _layers[i];
            bool isFirst = i == _buffers.FirstTrained;
            Memory<float> inputGradient = isFirst ? default : layer.BackwardInPlace ? gradient : other;
            layer.Backward(_buffers.Inputs(i), _buffers.Outputs(i), gradient, inputGradient, batch.Count);
            if (isFirst) return;
            if (!inputGradient.Equals(gradient)) (gradient, other) = (other, gradient);
        }
    }

    /// <summary>
    /// Sets mean and variance of every batch normalization to those of a whole data set, as it is propagated now with dropout off
    /// and batches normalized by themselves: the published experiment does so before each evaluation.
    /// </summary>
    /// <param name="data">The training set.</param>
    /// <param name="batchSize">
    /// Rows that are normalized together, at least <see cref="LeastRows"/>; what is left at the end is left out.
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
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"'batchSize' is {batchSize:N0}; it must be at most the number of rows, {data.Count:N0}.");
        CheckRows(batchSize, nameof(batchSize));
        if (_norms.Length == 0) return;
        // What there is no memory for must not leave the layers gathering.
        _forwardRows = 0;
        _buffers.EnsureRows(batchSize);
        foreach (BatchNorm norm in _norms) norm.BeginGathering();
        for (int start = 0; start <= data.Count - batchSize; start += batchSize)
            RunLayers(data.ViewRaw(start, batchSize), isTraining: true, dropout: false);
        foreach (BatchNorm norm in _norms) norm.EndGathering();
    }

    string IDescribable.Kind => "multilayer_perceptron";

    void IDescribable.Describe(SettingsWriter to) => Options.Describe(to);

    /// <summary>Kind and settings, those of the initial weights left out: "MultilayerPerceptron(784-1024-1024-1024-10, Relu, …)".</summary>
    public override string ToString() => Invariant(
        $"{nameof(MultilayerPerceptron)}({FeatureCount}-{string.Concat(Options.HiddenUnits.Select(units => Invariant($"{units}-")))}{ClassCount}, {Options.Activation}, normalization: {Options.Normalization}, epsilon: {Options.NormalizationEpsilon}, momentum: {Options.NormalizationMomentum}, inputDropout: {Options.InputDropout}, hiddenDropout: {Options.HiddenDropout}, seed: {Options.Seed})");

    private void CheckShape(Batch batch)
    {
        Guard.Length(batch.FeatureCount, FeatureCount, nameof(batch), "the model's feature count");
        CheckRows(batch.Count, nameof(batch));
    }

    private void CheckRows(int rows, string name)
    {
        int most = ((ILimitsRows)this).MostRows;
        if (rows <= most) return;
        throw new ArgumentOutOfRangeException(
            name,
            $"'{name}' has {rows:N0} rows; at {_widest:N0} values a row in the widest layer it must have at most {most:N0}.");
    }

    private void CheckFollowsForward(Batch batch)
    {
        if (_forwardRows == 0)
            throw new InvalidOperationException("The last call was not 'Forward'; 'Backward' must follow 'Forward' of the same batch.");
        if (batch.Count != _forwardRows)
            throw new ArgumentException($"'batch' has {batch.Count:N0} rows; it must be the batch last given to 'Forward', of {_forwardRows:N0}.", nameof(batch));
    }

    private void Run(Batch batch, Span<float> logits, bool isTraining)
    {
        CheckShape(batch);
        Guard.Area(logits.Length, batch.Count, ClassCount, nameof(logits), "a row of classes for each row of the batch");

        // All layers share one work space. A training step finds the lock free.
        lock (_gate)
        {
            RunLayers(batch, isTraining, dropout: isTraining);
            _buffers.Outputs(_layers.Length - 1).Span[..logits.Length].CopyTo(logits);
        }
    }

    private void RunLayers(Batch batch, bool isTraining, bool dropout)
    {
        _forwardRows = 0;
        _buffers.EnsureRows(batch.Count);
        _buffers.Load(batch, _workspace.Split);
        for (int i = 0; i < _layers.Length; i++)
        {
            ILayer layer = _layers[i];
            if (isTraining && (dropout || layer is not Dropout)) layer.Forward(_buffers.Inputs(i), _buffers.Outputs(i), batch.Count);
            else layer.Infer(_buffers.Inputs(i), _buffers.Outputs(i), batch.Count);
        }
    }
}
