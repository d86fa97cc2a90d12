using System.Diagnostics.CodeAnalysis;
using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Layers;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>
/// The memory in which one caller computes with a network: an output of each layer, and in training two gradients. It
/// grows to the largest batch.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The memory that it views is the caller's.")]
internal sealed unsafe class NetworkWorkspace(LayerSlot[] slots, int firstTrained, int widest,
    LayerWorkspace workspace) : LayerPass.IParts
{
    private const int ForwardPhase = 0, BackwardPhase = 1;

    private readonly Memory<float>[] _outputs = new Memory<float>[slots.Length];
    private readonly Memory<float>[] _gradients = new Memory<float>[2];
    private readonly PinnedFloats _features = new();
    private readonly ParallelWidening _widening = new();
    private readonly LayerPass.Call _call = new(workspace);
    private readonly BinarizePass.Call _binarize = new(workspace, new IdentityBinarizer());
    private Memory<float> _widened;
    private Layer _current = slots[0].Layer;
    private int _rows, _trainingRows;

    /// <summary>The threads.</summary>
    public WorkerPool Threads => workspace.Split;

    /// <summary>
    /// Rows of the batch whose training pass the buffers hold; 0 if another batch went through since.
    /// </summary>
    public int ForwardRows { get; private set; }

    /// <summary>The output of the last layer.</summary>
    public Memory<float> Outputs => _outputs[^1];

    /// <summary>Sets the effective values of all parameters, layer by layer.</summary>
    public void Binarize(IBinarizer binarizer, bool forInference)
    {
        (_binarize.Binarizer, _binarize.IsForInference) = (binarizer, forInference);
        foreach (LayerSlot slot in slots)
        {
            _binarize.Parameters = slot.Parameters;
            slot.Layer.Binarize(new BinarizePass(_binarize));
        }
    }

    /// <summary>Makes room for <paramref name="rows"/> rows, unless there is enough.</summary>
    public void EnsureRows(int rows, PassMode mode)
    {
        if (rows > _rows)
        {
            for (int i = 0; i < slots.Length; i++)
                _outputs[i] = slots[i].OverwritesInput ? _outputs[i - 1] : Allocate(rows, slots[i].Output.Length);

            // Set last: if an allocation throws, the next call tries again.
            _rows = rows;
        }

        if (mode != PassMode.Training || rows <= _trainingRows) return;
        for (int i = 0; i < _gradients.Length; i++) _gradients[i] = Allocate(rows, widest);
        workspace.EnsureRows(rows);
        _trainingRows = rows;
    }

    /// <summary>Computes the outputs of all layers.</summary>
    public void Forward(Batch batch, PassMode mode)
    {
        ForwardRows = 0;
        EnsureRows(batch.Count, mode);
        (_call.Rows, _call.Mode) = (batch.Count, mode);
        _call.ForgetBytes();
        fixed (float* floats = batch.Features)
        fixed (byte* bytes = batch.Bytes)
        {
            if (batch.HasBytes && !slots[0].Layer.AcceptsBytes) Widen(batch);
            for (int i = 0; i < slots.Length; i++)
            {
                SetValues(i, batch, floats, bytes);
                Run(slots[i].Layer, ForwardPhase, new LayerPass(_call, batch.Ahead));
            }
        }

        if (mode == PassMode.Training) ForwardRows = batch.Count;
    }

    /// <summary>Computes all gradients of the batch last given to <see cref="Forward"/>.</summary>
    public void Backward(Batch batch, ReadOnlySpan<float> outputGradient)
    {
        // Without parameters there is no gradient to compute.
        if (firstTrained < 0) return;
        (Memory<float> gradient, Memory<float> other) = (_gradients[0], _gradients[1]);
        outputGradient.CopyTo(gradient.Span);
        fixed (float* floats = batch.Features)
        fixed (byte* bytes = batch.Bytes)
        {
            for (int i = slots.Length - 1; i >= firstTrained; i--)
            {
                Layer layer = slots[i].Layer;
                bool isFirst = i == firstTrained, isInPlace = slots[i].OverwritesGradient;
                SetValues(i, batch, floats, bytes);
                _call.SetGradients(gradient, isFirst ? default : isInPlace ? gradient : other);
                Run(layer, BackwardPhase, new LayerPass(_call, batch.Ahead));
                if (!isFirst && !isInPlace) (gradient, other) = (other, gradient);
            }
        }
    }

    void LayerPass.IParts.Run(in LayerPass pass, int phase, int part)
    {
        if (phase == ForwardPhase) _current.Forward(pass);
        else _current.Backward(pass);
    }

    private static Memory<float> Allocate(int rows, int width) =>
        AlignedBuffer.Allocate(Guard.Product(rows, width, AlignedBuffer.MostLength, nameof(rows), nameof(width)));

    private void Run(Layer layer, int phase, in LayerPass pass)
    {
        _current = layer;
        if (Threads.Degree > 1 && layer.HasIndependentRows(_call.Mode)) pass.RunRows(this, phase);
        else if (phase == ForwardPhase) layer.Forward(pass);
        else layer.Backward(pass);
    }

    private void SetValues(int layer, Batch batch, float* floats, byte* bytes)
    {
        LayerSlot slot = slots[layer];
        bool readsBytes = layer == 0 && batch.HasBytes && slot.Layer.AcceptsBytes;
        ReadOnlyMemory<float> input = layer > 0 ? _outputs[layer - 1]
            : readsBytes ? default
            : batch.HasBytes ? _widened : _features.Of(floats, batch.Features.Length);
        _call.SetValues(input, slot.Input.Length, _outputs[layer], slot.Output.Length);
        _call.HasSignInputs = slot.HasSignInputs(_call.Mode);
        if (readsBytes) _call.SetBytes(new PinnedRows(bytes, batch.Bytes), batch.Scale, batch.Shift);
    }

    private void Widen(Batch batch)
    {
        int length = Guard.Product(
            batch.Count, batch.FeatureCount, AlignedBuffer.MostLength, "batch.Count", "batch.FeatureCount");
        if (_widened.Length < length) _widened = AlignedBuffer.Allocate(length);
        _widening.Widen(batch.Bytes, batch.Scale, batch.Shift, _widened, Threads);
    }
}
