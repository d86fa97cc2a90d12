using BinaryConnect.Guards;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Data;

/// <summary>
/// Gathers batches from a data set: it walks a shuffled epoch without replacement, then shuffles anew, as the tutorial's
/// <c>next_batch</c> does. An epoch's order is a function of the seed and the epoch's number alone. Nothing is allocated
/// after the first batch. Not safe from several threads at once.
/// </summary>
public sealed class BatchSampler : IDescribable
{
    // From here on a run has as many epochs left as an int can count more.
    private const int MostEpochs = 1 << 30;

    // Random blocks that are drawn together.
    private const int ShuffleBlocks = 256;

    private readonly int[] _replayed = [];
    private readonly int[] _shuffled;
    private Memory<float> _features;
    private readonly int[] _labels;
    private int[] _rows;
    private int[] _rowsAhead;
    private RowBuffer _copies = new();
    private RowBuffer _copiesAhead = new();
    private int _countAhead;
    private int _epochAhead;
    private readonly ulong _seed;
    private readonly PartialBatch _lastBatch;
    private int _position;
    private int _rowAhead;

    /// <summary>Walks seeded, shuffled epochs.</summary>
    /// <param name="dataset">Where rows come from.</param>
    /// <param name="batchSize">Rows in a batch, n ≥ 1.</param>
    /// <param name="seed">The same seed gives the same batches.</param>
    /// <param name="lastBatch">What happens where an epoch's end cuts a batch short.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1 or too large for one array of features,
    /// <paramref name="lastBatch"/> is undefined, or it drops short batches and the data set has fewer rows than one batch.</exception>
    public BatchSampler(Dataset dataset, int batchSize, int seed, PartialBatch lastBatch = PartialBatch.Wrap)
        : this(dataset, batchSize)
    {
        if (!Enum.IsDefined(lastBatch))
            throw new ArgumentOutOfRangeException(nameof(lastBatch), $"'lastBatch' is {(int)lastBatch}; it must be Wrap, Drop or Keep.");
        if (lastBatch == PartialBatch.Drop && batchSize > dataset.Count)
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"'batchSize' is {batchSize:N0}; to drop short batches it must be at most the number of rows, {dataset.Count:N0}.");
        _seed = (ulong)seed;
        _lastBatch = lastBatch;
        _shuffled = new int[dataset.Count];
        Shuffle();
        DrawAhead();
    }

    private BatchSampler(Dataset dataset, int batchSize, ReadOnlyMemory<int> order)
        : this(dataset, batchSize)
    {
        if (order.IsEmpty) throw new ArgumentException("'order' is empty; it must name at least one row.", nameof(order));
        _replayed = order.ToArray();
        for (int i = 0; i < _replayed.Length; i++)
        {
            if ((uint)_replayed[i] < (uint)dataset.Count) continue;
            string range = $"a row must be at least 0 and below the number of rows, {dataset.Count:N0}";
            throw new ArgumentException($"'order' has {_replayed[i]:N0} at {i:N0}; {range}.", nameof(order));
        }

        _lastBatch = PartialBatch.Keep;
        DrawAhead();
    }

    private BatchSampler(Dataset dataset, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Guard.AtLeast(batchSize, 1, nameof(batchSize));
        if ((long)batchSize * dataset.FeatureCount > Array.MaxLength - AlignedBuffer.Alignment)
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"'batchSize' is {batchSize:N0}; at {dataset.FeatureCount:N0} features a row, a batch must fit into an array of {Array.MaxLength:N0} values.");
        Dataset = dataset;
        BatchSize = batchSize;
        _labels = new int[batchSize];
        _rows = new int[batchSize];
        _rowsAhead = new int[batchSize];
        _shuffled = [];
    }

    /// <summary>Where rows come from.</summary>
    public Dataset Dataset { get; }

    /// <summary>Rows in a full batch.</summary>
    public int BatchSize { get; }

    /// <summary>The number of the epoch the latest row came from, from 0; always 0 for a replayed order.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether a given order is replayed; it ends, while shuffled epochs go on for ever.</summary>
    public bool IsReplay => _shuffled.Length == 0;

    /// <summary>
    /// Where the next batch begins: the epoch that the latest row came from, and how many rows of its order were taken. Setting it
    /// draws the batch ahead anew.
    /// </summary>
    internal (int Epoch, int Row) Position
    {
        get => (Epoch, _rowAhead);
        set
        {
            Epoch = _epochAhead = value.Epoch;
            Shuffle();
            _position = value.Row;
            DrawAhead();
        }
    }

    /// <summary>Whether there is such a place.</summary>
    internal bool Has((int Epoch, int Row) position) =>
        position.Epoch is >= 0 and <= MostEpochs && (
            position.Epoch == 0 || !IsReplay) && position.Row >= 0 && position.Row <= Order.Length;

    /// <summary>How many rows an epoch has.</summary>
    internal int EpochRows => Order.Length;

    /// <summary>How many batches there are from a place on; without end unless an order is replayed.</summary>
    internal long BatchesFrom((int Epoch, int Row) position) =>
        IsReplay ? ((long)Order.Length - position.Row + BatchSize - 1) / BatchSize : long.MaxValue;

    /// <summary>Walks a given order once instead of shuffling, to repeat somebody else's run.</summary>
    /// <param name="dataset">Where rows come from.</param>
    /// <param name="batchSize">Rows in a batch, n ≥ 1; the last batch is shorter where the order ends.</param>
    /// <param name="order">Row numbers, each in [0, <see cref="Dataset.Count"/>); copied.</param>
    /// <returns>A sampler over that order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">The order is empty or names a row that does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1 or too large for one array of features.</exception>
    public static BatchSampler Replay(Dataset dataset, int batchSize, ReadOnlyMemory<int> order) =>
        new(dataset, batchSize, order);

    /// <summary>How many batches it takes to see every row <paramref name="epochs"/> times (full batches alone where short ones are dropped).</summary>
    /// <param name="epochs">How often, at least 1; a replayed order has only one.</param>
    /// <returns>The number of calls of <see cref="Next"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epochs"/> is below 1, or above 1 for a replayed order.</exception>
    public long BatchesIn(int epochs)
    {
        Guard.AtLeast(epochs, 1, nameof(epochs));
        if (IsReplay && epochs > 1) throw new ArgumentOutOfRangeException(nameof(epochs), $"'epochs' is {epochs:N0}; a replayed order is walked once.");
        long rows = Order.Length;
        return _lastBatch switch
        {
            PartialBatch.Wrap => (rows * epochs + BatchSize - 1) / BatchSize,
            PartialBatch.Drop => rows / BatchSize * epochs,
            _ => (rows + BatchSize - 1) / BatchSize * epochs,
        };
    }

    /// <summary>Gathers the next batch as floats.</summary>
    /// <returns>A view of the sampler's buffers, valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">A replayed order is used up.</exception>
    public Batch Next()
    {
        if (_features.IsEmpty) _features = AlignedBuffer.Allocate(checked(BatchSize * Dataset.FeatureCount));
        int rows = Take(), width = Dataset.FeatureCount;
        Span<float> features = _features.Span[..(rows * width)];
        for (int i = 0; i < rows; i++) Dataset.CopyRow(_rows[i], features.Slice(i * width, width));
        return new Batch(features, _labels.AsSpan(0, rows));
    }

    /// <summary>
    /// Gathers the next batch as the data set keeps it: bytes stay bytes, a quarter of the memory. It is the same batch that
    /// <see cref="Next"/> would give.
    /// </summary>
    /// <returns>A view of the sampler's buffers, valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">A replayed order is used up.</exception>
    public Batch NextRaw()
    {
        if (!Dataset.HasBytes) return Next();
        int width = Dataset.FeatureCount, rows = Take();
        _copies.Reserve(BatchSize, width);
        // There may be too few: the kernel may have run for an older batch, whose successor was shorter.
        if (_copies.Count < rows) Copy(rows);
        NextBatchRows ahead = RowsAhead();
        ahead.PrefetchPages();
        return new Batch(_copies.Rows(rows), _labels.AsSpan(0, rows), Dataset.Scale, Dataset.Shift) { Ahead = ahead };
    }

    string IDescribable.Kind => IsReplay ? "replayed" : "shuffled";

    void IDescribable.Describe(SettingsWriter to)
    {
        to.Write("batch_size", BatchSize);
        if (IsReplay)
        {
            to.Write("rows", _replayed.Length);
            to.Write("fingerprint", Fingerprint.Of(_replayed));
            return;
        }

        to.Write("seed", (long)_seed);
        to.Write("last_batch", _lastBatch switch
        {
            PartialBatch.Drop => "drop",
            PartialBatch.Keep => "keep",
            _ => "wrap",
        });
    }

    /// <summary>What decides its batches, data set and position apart: "BatchSampler(batchSize: 128, seed: 1, lastBatch: Wrap)".</summary>
    public override string ToString()
    {
        string order = IsReplay
            ? Invariant($"replayed rows: {_replayed.Length}, fingerprint {Fingerprint.Of(_replayed)}")
            : Invariant($"seed: {(long)_seed}, lastBatch: {_lastBatch}");
        return Invariant($"{nameof(BatchSampler)}(batchSize: {BatchSize}, {order})");
    }

    // Takes the batch drawn ahead, draws the one after it, and gives how many rows there are.
    private int Take()
    {
        if (_countAhead == 0) throw new InvalidOperationException($"The replayed order of {_replayed.Length:N0} rows is used up.");
        (_rows, _rowsAhead) = (_rowsAhead, _rows);
        (_copies, _copiesAhead) = (_copiesAhead, _copies);
        int rows = _countAhead;
        Epoch = _epochAhead;
        ReadOnlySpan<int> labels = Dataset.Labels;
        for (int i = 0; i < rows; i++) _labels[i] = labels[_rows[i]];
        DrawAhead();
        return rows;
    }

    // Whoever computes the batch taken may copy these rows into room that is there for the next one.
    private NextBatchRows RowsAhead()
    {
        int width = Dataset.FeatureCount;
        if (!RowBuffer.FitCache(BatchSize, width)) return default;
        _copiesAhead.Reserve(BatchSize, width);
        return new NextBatchRows(Dataset.Bytes, width, _rowsAhead.AsSpan(0, _countAhead), _copiesAhead);
    }

    private void Copy(int rows)
    {
        int width = Dataset.FeatureCount;
        for (int i = 0; i < rows; i++) _copies.Copy(Dataset.Bytes.Slice(_rows[i] * width, width), i);
    }

    private void DrawAhead()
    {
        _countAhead = 0;
        _copiesAhead.Count = 0;
        _rowAhead = _position;
        int left = Order.Length - _position;
        if (IsReplay && left == 0) return;
        if (left == 0 || (left < BatchSize && _lastBatch == PartialBatch.Drop))
        {
            BeginEpoch();
            left = Order.Length;
        }

        _countAhead = _lastBatch == PartialBatch.Wrap ? BatchSize : Math.Min(BatchSize, left);
        for (int taken = 0, some; taken < _countAhead; taken += some, _position += some)
        {
            if (_position == Order.Length) BeginEpoch();
            some = Math.Min(_countAhead - taken, Order.Length - _position);
            Order.Slice(_position, some).CopyTo(_rowsAhead.AsSpan(taken));
        }
    }

    private ReadOnlySpan<int> Order => IsReplay ? _replayed : _shuffled;

    private void BeginEpoch()
    {
        _epochAhead++;
        Shuffle();
    }

    // Fisher and Yates, from the identity each time, so that an epoch's order needs no earlier one; place i is drawn by block i.
    private void Shuffle()
    {
        _position = 0;
        for (int i = 0; i < _shuffled.Length; i++) _shuffled[i] = i;
        Span<uint> words = stackalloc uint[ShuffleBlocks * Philox4x32.BlockLength];
        for (int first = (_shuffled.Length - 1) / ShuffleBlocks * ShuffleBlocks; first >= 0; first -= ShuffleBlocks)
        {
            Philox4x32.Words((uint)first, RandomStream.Shuffle | (uint)_epochAhead, _seed, words);
            for (int i = Math.Min(first + ShuffleBlocks, _shuffled.Length) - 1; i >= Math.Max(1, first); i--)
            {
                ReadOnlySpan<uint> block = words.Slice((i - first) * Philox4x32.BlockLength, 2);
                int other = (int)Math.BigMul(((ulong)block[1] << 32) | block[0], (ulong)i + 1, out _);
                (_shuffled[i], _shuffled[other]) = (_shuffled[other], _shuffled[i]);
            }
        }
    }
}
