using BinaryConnect.Guards;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Settings;
using static System.FormattableString;

namespace BinaryConnect.Data;

/// <summary>
/// Gathers batches from a data set: each epoch takes the shuffled rows without replacement, as the tutorial's
/// <c>next_batch</c> does. The order of an epoch depends only on the seed and the epoch's number. Nothing is allocated
/// after the first batch. Not safe from several threads at once.
/// </summary>
public sealed class BatchSampler : IDescribable
{
    // The epochs after this one still fit an int.
    private const int MostEpochs = 1 << 30;

    private readonly int[] _replayed = [];
    private readonly int[] _shuffled;
    private Memory<float> _features;
    private readonly int[] _labels;
    private int[] _rows;
    private int[] _rowsAhead;
    private RowBuffer _copies = new(), _copiesAhead = new();
    private int _countAhead, _epochAhead;
    private readonly ulong _seed;
    private readonly PartialBatch _lastBatch;
    private int _position;
    private int _rowAhead;

    /// <summary>Shuffles each epoch by a seed.</summary>
    /// <param name="dataset">The data set of the rows.</param>
    /// <param name="batchSize">The number of rows in a batch, n ≥ 1.</param>
    /// <param name="seed">The same seed gives the same batches.</param>
    /// <param name="lastBatch">The treatment of a batch that the end of an epoch cuts short.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="batchSize"/> is below 1 or too large for one array of features, or <paramref name="lastBatch"/>
    /// is undefined. Or it drops short batches, and the data set has fewer rows than one batch.
    /// </exception>
    public BatchSampler(Dataset dataset, int batchSize, int seed, PartialBatch lastBatch = PartialBatch.Wrap)
        : this(dataset, batchSize)
    {
        if (!Enum.IsDefined(lastBatch))
            throw new ArgumentOutOfRangeException(
                nameof(lastBatch), $"'lastBatch' is {(int)lastBatch}; it must be Wrap, Drop or Keep.");
        if (lastBatch == PartialBatch.Drop && batchSize > dataset.Count)
            throw new ArgumentOutOfRangeException(
                nameof(batchSize),
                $"'batchSize' is {batchSize:N0}; "
                + $"to drop short batches it must be at most the number of rows, {dataset.Count:N0}.");
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
            throw new ArgumentOutOfRangeException(
                nameof(batchSize),
                $"'batchSize' is {batchSize:N0}; at {dataset.FeatureCount:N0} features a row, "
                + $"a batch must fit into an array of {Array.MaxLength:N0} values.");
        Dataset = dataset;
        BatchSize = batchSize;
        _labels = new int[batchSize];
        _rows = new int[batchSize];
        _rowsAhead = new int[batchSize];
        _shuffled = [];
    }

    /// <summary>The data set of the rows.</summary>
    public Dataset Dataset { get; }

    /// <summary>The number of rows in a full batch.</summary>
    public int BatchSize { get; }

    /// <summary>The number of the epoch of the latest row, from 0; always 0 for a replayed order.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether a given order is replayed. It ends, while shuffled epochs continue for ever.</summary>
    public bool IsReplay => _shuffled.Length == 0;

    /// <summary>
    /// The start of the next batch: the epoch of the latest row, and the number of rows taken from its order. Setting
    /// it draws the next batch again.
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

    /// <summary>Whether such a position exists.</summary>
    internal bool Has((int Epoch, int Row) position) =>
        position.Epoch is >= 0 and <= MostEpochs && (position.Epoch == 0 || !IsReplay)
        && position.Row >= 0 && position.Row <= Order.Length;

    /// <summary>The number of rows in an epoch.</summary>
    internal int EpochRows => Order.Length;

    /// <summary>The number of batches from a position on; unlimited unless an order is replayed.</summary>
    internal long BatchesFrom((int Epoch, int Row) position) =>
        IsReplay ? ((long)Order.Length - position.Row + BatchSize - 1) / BatchSize : long.MaxValue;

    /// <summary>Takes the rows of a given order once instead of shuffling, to repeat another program's run.</summary>
    /// <param name="dataset">The data set of the rows.</param>
    /// <param name="batchSize">The number of rows in a batch, n ≥ 1; the last batch may be shorter.</param>
    /// <param name="order">Row numbers, each in [0, <see cref="Dataset.Count"/>); copied.</param>
    /// <returns>A sampler over that order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">The order is empty or names a row that does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="batchSize"/> is below 1 or too large for one array of features.
    /// </exception>
    public static BatchSampler Replay(Dataset dataset, int batchSize, ReadOnlyMemory<int> order) =>
        new(dataset, batchSize, order);

    /// <summary>
    /// The number of batches that contain every row <paramref name="epochs"/> times. If short batches are dropped, only
    /// full ones count.
    /// </summary>
    /// <param name="epochs">The number of epochs, at least 1; a replayed order has only one.</param>
    /// <returns>The number of calls of <see cref="Next"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="epochs"/> is below 1, or above 1 for a replayed order.
    /// </exception>
    public long BatchesIn(int epochs)
    {
        Guard.AtLeast(epochs, 1, nameof(epochs));
        if (IsReplay && epochs > 1)
            throw new ArgumentOutOfRangeException(
                nameof(epochs), $"'epochs' is {epochs:N0}; a replayed order has one epoch.");
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
    /// Gathers the next batch as the data set stores it: bytes stay bytes, a quarter of the memory. It has the rows
    /// that <see cref="Next"/> would give.
    /// </summary>
    /// <returns>A view of the sampler's buffers, valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">A replayed order is used up.</exception>
    public Batch NextRaw()
    {
        if (!Dataset.HasBytes) return Next();
        int width = Dataset.FeatureCount, rows = Take();
        _copies.Reserve(BatchSize, width);
        // Too few rows may be copied: the last kernel may have run on an older batch, whose next batch was shorter.
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

    /// <summary>
    /// Kind and settings, without data set and position: "BatchSampler(batchSize: 128, seed: 1, lastBatch: Wrap)".
    /// </summary>
    public override string ToString()
    {
        string order = IsReplay
            ? Invariant($"replayed rows: {_replayed.Length}, fingerprint {Fingerprint.Of(_replayed)}")
            : Invariant($"seed: {(long)_seed}, lastBatch: {_lastBatch}");
        return Invariant($"{nameof(BatchSampler)}(batchSize: {BatchSize}, {order})");
    }

    // Takes the batch that was drawn before, draws the next one, and returns the number of rows.
    private int Take()
    {
        if (_countAhead == 0)
            throw new InvalidOperationException($"The replayed order of {_replayed.Length:N0} rows is used up.");
        (_rows, _rowsAhead) = (_rowsAhead, _rows);
        (_copies, _copiesAhead) = (_copiesAhead, _copies);
        int rows = _countAhead;
        Epoch = _epochAhead;
        ReadOnlySpan<int> labels = Dataset.Labels;
        for (int i = 0; i < rows; i++) _labels[i] = labels[_rows[i]];
        DrawAhead();
        return rows;
    }

    // A kernel that computes the current batch may copy these rows into the buffer of the next one.
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

    private void Shuffle()
    {
        _position = 0;
        EpochOrder.Shuffle(_shuffled, _epochAhead, _seed);
    }
}
