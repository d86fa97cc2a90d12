using BinaryConnect.Guards;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Networks;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// The memory of one pass of one layer, forward or backward: some rows of a batch, all of them unless a network shares
/// them among threads. It is valid during the call alone. Spans are empty where they do not belong to the pass.
/// </summary>
public readonly ref struct LayerPass
{
    /// <summary>The most parts that <see cref="RunRows"/> makes of the rows.</summary>
    public const int MostRowParts = RowBlocks.Most;

    private readonly Call _call;
    private readonly int _thread;
    private readonly bool _isPart;

    /// <summary>All rows, on the caller's thread.</summary>
    internal LayerPass(Call call, NextBatchRows ahead = default)
    {
        _call = call;
        Rows = call.Rows;
        Ahead = ahead;
    }

    private LayerPass(Call call, int firstRow, int rows, int thread)
    {
        _call = call;
        _thread = thread;
        _isPart = true;
        FirstRow = firstRow;
        Rows = rows;
    }

    /// <summary>A part of a pass, so that threads share it.</summary>
    public interface IParts
    {
        /// <summary>
        /// Runs one part. Parts run at the same time, each once, and touch nothing of each other's results.
        /// </summary>
        /// <param name="pass">The pass, with <see cref="Scratch"/> of the thread that runs the part.</param>
        /// <param name="phase">What was given to <see cref="LayerPass.Run"/> or <see cref="RunRows"/>.</param>
        /// <param name="part">Which part, from 0.</param>
        void Run(in LayerPass pass, int phase, int part);
    }

    /// <summary>The purpose of the pass.</summary>
    public PassMode Mode => _call.Mode;

    /// <summary>The first row of this pass in the batch.</summary>
    public int FirstRow { get; }

    /// <summary>The number of rows, n.</summary>
    public int Rows { get; }

    /// <summary>The inputs, [n, f]. Where the pass has bytes, they are converted at the first use.</summary>
    public ReadOnlySpan<float> Input => RowsOf(_call.FloatInput().Span, _call.InputWidth);

    /// <summary>Whether the inputs are bytes that stand for <c>byte · Scale + Shift</c>.</summary>
    public bool HasBytes => _call.HasBytes;

    /// <summary>The factor of a byte; 1 for floats.</summary>
    public float Scale => _call.Scale;

    /// <summary>The addend after scaling; 0 for floats.</summary>
    public float Shift => _call.Shift;

    /// <summary>Whether all inputs are ±1, as the layer before says (<see cref="Layer.HasSignOutputs"/>).</summary>
    public bool HasSignInputs => _call.HasSignInputs;

    /// <summary>The outputs, [n, m]: written forward, read backward.</summary>
    public Span<float> Output => RowsOf(_call.Output.Span, _call.OutputWidth);

    /// <summary>dL/d(outputs), [n, m].</summary>
    public ReadOnlySpan<float> OutputGradient => RowsOf(_call.OutputGradient.Span, _call.OutputWidth);

    /// <summary>dL/d(inputs), [n, f], to be written; empty at the first layer with parameters.</summary>
    public Span<float> InputGradient => RowsOf(_call.InputGradient.Span, _call.InputWidth);

    /// <summary>
    /// Memory of this thread, of at least the length given to <see cref="LayerBuilder.NeedScratch"/>. The next part,
    /// pass or layer overwrites it.
    /// </summary>
    public Span<float> Scratch => _call.Workspace.Scratch(_thread);

    /// <summary>The rows of the next batch, which a pass copies while it computes.</summary>
    internal NextBatchRows Ahead { get; }

    internal LayerWorkspace Workspace => _call.Workspace;

    internal ReadOnlyMemory<float> InputMemory => _call.FloatInput();

    internal Memory<float> OutputMemory => _call.Output;

    internal Memory<float> OutputGradientMemory => _call.OutputGradient;

    internal Memory<float> InputGradientMemory => _call.InputGradient;

    internal ByteRows ByteRows => _call.Bytes.Rows.Slice(FirstRow, FirstRow + Rows);

    /// <summary>One input row of a pass that has bytes, [f].</summary>
    /// <param name="row">Which, from 0.</param>
    /// <returns>A view of the row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row of bytes.</exception>
    public ReadOnlySpan<byte> ByteRow(int row)
    {
        int rows = HasBytes ? Rows : 0;
        if ((uint)row >= (uint)rows)
            throw new ArgumentOutOfRangeException(
                nameof(row), $"'row' is {row:N0}; it must be at least 0 and below the number of rows of bytes, {rows:N0}.");
        return ByteRows[row];
    }

    /// <summary>The rows of this pass in a row memory, [n, values]; in training alone.</summary>
    /// <param name="memory">What <see cref="LayerBuilder.AddRowMemory"/> gave.</param>
    /// <returns>What the forward pass wrote there, or left by an earlier batch.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The pass is not one of training.</exception>
    public Span<float> Of(RowMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (Mode != PassMode.Training)
            throw new InvalidOperationException($"The pass is one of {Mode}; row memory is there in {PassMode.Training} alone.");
        return RowsOf(Workspace.RowMemory(memory.Index), memory.ValuesPerRow);
    }

    /// <summary>
    /// Runs parts 0 to <paramref name="parts"/> − 1 on the network's threads, each with all rows of this pass.
    /// </summary>
    /// <param name="work">The parts.</param>
    /// <param name="phase">Handed on to each part.</param>
    /// <param name="parts">
    /// How many, at least 0. For the same bits on any machine it must not depend on the threads.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parts"/> is negative.</exception>
    public void Run(IParts work, int phase, int parts)
    {
        ArgumentNullException.ThrowIfNull(work);
        Guard.AtLeast(parts, 0, nameof(parts));
        if (_isPart)
        {
            for (int part = 0; part < parts; part++) work.Run(this, phase, part);
            return;
        }

        _call.Run(work, phase, parts, sharesRows: false);
    }

    /// <summary>
    /// Runs a part for each block of rows, with a pass of those rows: on several threads where there are enough values.
    /// The blocks are the same for any number of threads.
    /// </summary>
    /// <param name="work">The parts, at most <see cref="MostRowParts"/>.</param>
    /// <param name="phase">Handed on to each part.</param>
    /// <returns>The number of parts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public int RunRows(IParts work, int phase)
    {
        ArgumentNullException.ThrowIfNull(work);
        var blocks = new RowBlocks(Rows);
        if (!_isPart && Workspace.Split.IsWorthwhile(blocks, Math.Max(_call.InputWidth, _call.OutputWidth)))
        {
            _call.Run(work, phase, blocks.Count, sharesRows: true);
            return blocks.Count;
        }

        for (int part = 0; part < blocks.Count; part++)
        {
            (int start, int end) = blocks[part];
            work.Run(new LayerPass(_call, FirstRow + start, end - start, _thread), phase, part);
        }

        return blocks.Count;
    }

    private Span<float> RowsOf(Span<float> values, int width) =>
        values.IsEmpty ? values : values.Slice(FirstRow * width, Rows * width);

    private ReadOnlySpan<float> RowsOf(ReadOnlySpan<float> values, int width) =>
        values.IsEmpty ? values : values.Slice(FirstRow * width, Rows * width);

    /// <summary>The state behind a pass. A network has one for each caller, and sets it layer by layer.</summary>
    internal sealed class Call(LayerWorkspace workspace) : IParallelWork
    {
        private readonly Lock _gate = new();
        private Memory<float> _widened;
        private volatile bool _isWidened;
        private IParts? _work;
        private int _phase;
        private bool _sharesRows;
        private RowBlocks _blocks;

        public LayerWorkspace Workspace { get; } = workspace;

        public PassMode Mode { get; set; }

        public int Rows { get; set; }

        public int InputWidth { get; private set; }

        public int OutputWidth { get; private set; }

        public ReadOnlyMemory<float> Input { get; private set; }

        public Memory<float> Output { get; private set; }

        public Memory<float> OutputGradient { get; private set; }

        public Memory<float> InputGradient { get; private set; }

        public bool HasSignInputs { get; set; }

        public bool HasBytes { get; private set; }

        public PinnedRows Bytes { get; private set; }

        public float Scale { get; private set; } = 1;

        public float Shift { get; private set; }

        /// <summary>Sets the values that the next layer reads and writes.</summary>
        public void SetValues(ReadOnlyMemory<float> input, int inputWidth, Memory<float> output, int outputWidth)
        {
            (Input, InputWidth, Output, OutputWidth) = (input, inputWidth, output, outputWidth);
            (HasBytes, Scale, Shift) = (false, 1, 0);
            SetGradients(default, default);
        }

        /// <summary>Lets the next layer read bytes, which are pinned until it is done.</summary>
        public void SetBytes(PinnedRows bytes, float scale, float shift) =>
            (HasBytes, Bytes, Scale, Shift) = (true, bytes, scale, shift);

        /// <summary>Sets the gradients that the next layer reads and writes.</summary>
        public void SetGradients(Memory<float> outputGradient, Memory<float> inputGradient) =>
            (OutputGradient, InputGradient) = (outputGradient, inputGradient);

        /// <summary>Forgets the bytes of an earlier batch.</summary>
        public void ForgetBytes() => _isWidened = false;

        /// <summary>The inputs as floats.</summary>
        public ReadOnlyMemory<float> FloatInput()
        {
            if (!HasBytes) return Input;
            if (_isWidened) return _widened;
            lock (_gate)
            {
                if (_isWidened) return _widened;
                int length = Guard.Product(Rows, InputWidth, AlignedBuffer.MostLength, nameof(Rows), nameof(InputWidth));
                if (_widened.Length < length) _widened = AlignedBuffer.Allocate(length);
                ParallelWidening.Widen(Bytes.Rows, Scale, Shift, _widened.Span);
                _isWidened = true;
            }

            return _widened;
        }

        public void Run(IParts work, int phase, int parts, bool sharesRows)
        {
            (_work, _phase, _sharesRows, _blocks) = (work, phase, sharesRows, new RowBlocks(Rows));
            Workspace.Split.Run(this, parts);
        }

        void IParallelWork.Run(int part, int thread)
        {
            (int start, int end) = _sharesRows ? _blocks[part] : (0, Rows);
            _work!.Run(new LayerPass(this, start, end - start, thread), _phase, part);
        }
    }
}
