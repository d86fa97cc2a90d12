using System.Numerics.Tensors;
using BinaryConnect.Binarization;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Networks;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Layers;

/// <summary>Gives a layer its parameters and memory while a network is made (<see cref="Layer.Build"/>).</summary>
public sealed class LayerBuilder
{
    private readonly int _seed;
    private readonly WorkspaceNeeds _needs;
    private readonly List<Parameter> _parameters = [];
    private readonly List<Statistic> _statistics = [];
    private readonly List<RandomDraws> _random = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    // How many values of parameters and statistics may still be added.
    private long _valuesLeft;

    // Of the layers built so far: how many have weights, and how many random streams follow the last of them.
    private int _weightLayers, _streams;
    private int _weights;

    internal LayerBuilder(int seed, WorkspaceNeeds needs, long mostValues = long.MaxValue)
    {
        _seed = seed;
        _needs = needs;
        _valuesLeft = mostValues;
    }

    /// <summary>Whether no layer before this one has parameters: its input gradient is never asked for.</summary>
    public bool IsFirstTrained { get; private set; } = true;

    /// <summary>Whether inputs are +1 and −1 in a pass of any mode (<see cref="LayerPass.HasSignInputs"/>).</summary>
    public bool HasSignInputs { get; private set; }

    /// <summary>The fewest rows that any layer requires.</summary>
    internal int LeastRows { get; private set; } = 1;

    internal IReadOnlyList<Parameter> Parameters => _parameters;

    internal IReadOnlyList<Statistic> Statistics => _statistics;

    internal IReadOnlyList<RandomDraws> Random => _random;

    /// <summary>
    /// Adds connection weights: clipped, scaled in rate, counted for sign flips, and binarized. Latent values start
    /// uniform in [−r, r).
    /// </summary>
    /// <param name="name">The name within the layer, such as "weights".</param>
    /// <param name="shape">The shape in files, outputs first; its product is the number of values.</param>
    /// <param name="fanIn">Inputs of a unit, at least 1.</param>
    /// <param name="fanOut">Units that an input reaches, at least 1.</param>
    /// <param name="bound">H, positive and finite.</param>
    /// <param name="initialRange">
    /// r, positive and at most <paramref name="bound"/>; null takes √(6/(fanIn + fanOut)) of Glorot and Bengio, or the
    /// bound where that is less.
    /// </param>
    /// <param name="binarizer">The binarizer of these weights; null takes that of the run's options.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public Parameter AddWeights(
        string name,
        ReadOnlySpan<int> shape,
        int fanIn,
        int fanOut,
        float bound = 1,
        float? initialRange = null,
        IBinarizer? binarizer = null)
    {
        Guard.Positive(bound, nameof(bound));
        if (initialRange is float given && !(given > 0 && given <= bound))
            throw new ArgumentOutOfRangeException(
                nameof(initialRange), $"'initialRange' is {given}; it must be positive and at most 'bound', {bound}, or null.");
        Take(shape);
        var weights =
            new Parameter(name, shape, fanIn, fanOut, isWeight: true, isBinarized: true) { Bound = bound, Binarizer = binarizer };
        float range = initialRange ?? MathF.Min(MathF.Sqrt(6f / ((float)fanIn + fanOut)), bound);
        Philox4x32.Uniform(0, RandomStream.Initialization, SeedOf(_weightLayers + 1, _weights++), weights.Latent);

        // u in [0, 1) gives 2u − 1 exactly; the product with r is rounded once.
        TensorPrimitives.Multiply(weights.Latent, 2, weights.Latent);
        TensorPrimitives.Subtract(weights.Latent, 1, weights.Latent);
        TensorPrimitives.Multiply(weights.Latent, range, weights.Latent);
        _parameters.Add(weights);
        return weights;
    }

    /// <summary>Adds a trained vector that is not clipped, such as a bias or a scale.</summary>
    /// <param name="name">The name within the layer, such as "bias".</param>
    /// <param name="length">How many values, from 1 to 2,147,418,112.</param>
    /// <param name="initial">Every value at the start.</param>
    /// <param name="isBinarized">Whether it is binarized as weights are.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public Parameter AddVector(string name, int length, float initial = 0, bool isBinarized = false) =>
        AddVector(name, length, initial, isBinarized, binarizer: null);

    /// <summary>Adds a trained vector with a binarizer of its own.</summary>
    internal Parameter AddVector(string name, int length, float initial, bool isBinarized, IBinarizer? binarizer)
    {
        Take([length]);
        var vector = new Parameter(name, 1, length, isWeight: false, isBinarized) { Binarizer = isBinarized ? binarizer : null };
        vector.Latent.Fill(initial);
        _parameters.Add(vector);
        return vector;
    }

    /// <summary>Adds ρ of a learned scale s = exp(ρ), which is finite even where the logarithm is rounded up.</summary>
    internal Parameter AddLogScale(float initial)
    {
        float log = MathF.Log(initial);
        return AddVector("log scale", 1, float.IsFinite(MathF.Exp(log)) ? log : MathF.BitDecrement(log));
    }

    /// <summary>Adds values that the layer gathers from its data and no optimizer moves.</summary>
    /// <param name="name">The name within the layer, such as "mean".</param>
    /// <param name="length">How many values, from 1 to 2,147,418,112.</param>
    /// <param name="initial">Every value at the start.</param>
    /// <param name="least">The least that a value can be; a checkpoint with less is refused.</param>
    /// <returns>The statistic.</returns>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public Statistic AddStatistic(string name, int length, float initial = 0, float least = float.MinValue)
    {
        Take([length]);
        var statistic = new Statistic(name, length, initial) { Least = least };
        _statistics.Add(statistic);
        return statistic;
    }

    /// <summary>Adds a source of random numbers.</summary>
    /// <returns>The source, with a stream of its own.</returns>
    public RandomDraws AddRandom()
    {
        var random = new RandomDraws(SeedOf(_weightLayers, _streams++));
        _random.Add(random);
        return random;
    }

    /// <summary>Adds memory for each row of a batch, kept from the forward to the backward pass of training.</summary>
    /// <param name="valuesPerRow">Values for each row, at least 1.</param>
    /// <returns>What <see cref="LayerPass.Of"/> takes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="valuesPerRow"/> is out of range.</exception>
    public RowMemory AddRowMemory(int valuesPerRow)
    {
        Guard.AtLeast(valuesPerRow, 1, nameof(valuesPerRow));
        LimitRows(AlignedBuffer.MostLength / valuesPerRow);
        _needs.RowValues.Add(valuesPerRow);
        return new RowMemory(_needs.RowValues.Count - 1, valuesPerRow);
    }

    /// <summary>Sees to it that <see cref="LayerPass.Scratch"/> has room. All layers share it.</summary>
    /// <param name="floatsPerThread">How many floats, from 0 to 2,147,418,112.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="floatsPerThread"/> is out of range.</exception>
    public void NeedScratch(int floatsPerThread)
    {
        Guard.AtLeast(floatsPerThread, 0, nameof(floatsPerThread));
        Guard.AtMost(floatsPerThread, AlignedBuffer.MostLength, nameof(floatsPerThread));
        _needs.Scratch = Math.Max(_needs.Scratch, floatsPerThread);
    }

    /// <summary>Requires batches of at least <paramref name="least"/> rows (<see cref="IModel.LeastRows"/>).</summary>
    /// <param name="least">How many rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="least"/> is below 1.</exception>
    public void RequireRows(int least)
    {
        Guard.AtLeast(least, 1, nameof(least));
        LeastRows = Math.Max(LeastRows, least);
    }

    /// <summary>Allows batches of at most <paramref name="most"/> rows.</summary>
    internal void LimitRows(int most) => _needs.MostRows = Math.Min(_needs.MostRows, most);

    /// <summary>Adds an object that keeps state from the forward to the backward pass, one for each caller.</summary>
    internal int AddObject(Func<WorkerPool, object> make)
    {
        _needs.Objects.Add(make);
        return _needs.Objects.Count - 1;
    }

    /// <summary>Begins a layer.</summary>
    internal void Begin(bool hasSignInputs)
    {
        HasSignInputs = hasSignInputs;
        _parameters.Clear();
        _statistics.Clear();
        _random.Clear();
        _weights = 0;
    }

    /// <summary>Ends a layer, and names what it added.</summary>
    /// <returns>The name of the layer in summaries and messages: the prefix of the names, but never empty.</returns>
    internal string End(string? name)
    {
        if (_weights > 0) (_weightLayers, _streams) = (_weightLayers + 1, 0);
        string numbered = _weightLayers == 0 ? "input" : $"layer{_weightLayers}";
        string prefix = name ?? numbered;
        foreach (Parameter parameter in _parameters) parameter.Name = Unique(prefix, parameter.Name);
        foreach (Statistic statistic in _statistics) statistic.Name = Unique(prefix, statistic.Name);
        if (_parameters.Count > 0) IsFirstTrained = false;
        return prefix.Length == 0 ? numbered : prefix;
    }

    // The settings in a damaged file must not claim more values than the file has.
    private void Take(ReadOnlySpan<int> shape)
    {
        long length = 1;
        foreach (int size in shape) length = Math.Min(int.MaxValue, length * Math.Max(1, size));
        _valuesLeft -= length;
        if (_valuesLeft < 0) throw new ArgumentException("Its layers have more values than its tensors; both must have as many.");
    }

    private string Unique(string prefix, string name)
    {
        string whole = prefix.Length == 0 ? name : $"{prefix}.{name}";
        if (!_names.Add(whole))
            throw new ArgumentException(
                $"Two parameters or statistics are called '{Excerpt.Of(whole)}'; set the 'Name' of one of their layers.");
        return whole;
    }

    private ulong SeedOf(int layer, int index) => (uint)_seed | (ulong)(uint)(layer | index << 20) << 32;
}
