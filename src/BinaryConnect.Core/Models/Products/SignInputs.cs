using System.Runtime.InteropServices;
using BinaryConnect.Kernels.BitGemm;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Products;

/// <summary>
/// The products of a dense layer whose inputs are ±1. Forward, ±1 meet ±1 in exact integers. The weight gradient is a
/// product of floats with the signs of the inputs, which the forward pass packs. Threads share rows forward and outputs
/// backward, so that results are the same to the bit for any number of threads. It belongs to one caller.
/// </summary>
/// <param name="threads">The threads.</param>
/// <param name="weights">w, [m, f].</param>
internal sealed class SignInputs(WorkerPool threads, PackedWeights weights) : IParallelWork
{
    // A word of packed signs holds this many rows.
    private const int BandRows = SignLayout.WordInputs;

    // Rows whose integer sums are in the first-level cache until they are floats.
    private const int SumRows = 8;

    // Outputs whose gradients are transposed at a time.
    private const int GradientOutputs = 64;

    // A product of bits is about this many times as fast as one of floats.
    private const int BitSpeed = 8;

    private readonly BitLayout _bits = weights.BitLayout;
    private readonly Memory<float>[] _work = new Memory<float>[threads.Degree];
    private Memory<uint> _signs;
    private SignLayout _layout;
    private bool _areSigns;

    // The operands of the product that runs.
    private LayerWorkspace? _workspace;
    private ReadOnlyMemory<float> _inputs;
    private Memory<float> _results;
    private int _rows, _parts;
    private bool _isForward, _keepsSigns;

    /// <summary>Asks for the memory of the products of such a layer.</summary>
    public static void Prepare(int inputs, int outputs, LayerBuilder builder)
    {
        var layout = new BitLayout(outputs, inputs);
        int bytes = SumRows * layout.Groups + RowBytes(layout);
        builder.NeedScratch(checked(SumRows * layout.Stride + bytes / sizeof(float) + 1));
        builder.LimitRows(AlignedBuffer.MostLength / (2 * GradientOutputs));
    }

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k a[i, k] · w[j, k] for inputs a [n, f], outputs z [n, m]. In training it keeps
    /// the signs of the inputs for <see cref="WeightGradient"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">An input is not ±1.</exception>
    public void Forward(in LayerPass pass)
    {
        (_workspace, _keepsSigns, _areSigns) = (pass.Workspace, pass.Mode == PassMode.Training, true);
        if (_keepsSigns) EnsureRows(pass.Rows);
        long multiplyAdds = (long)pass.Rows * _bits.Inputs * _bits.Stride / BitSpeed;
        int parts = threads.Parts(pass.Rows, BandRows, multiplyAdds);
        Run(isForward: true, pass.InputMemory, pass.OutputMemory, pass.Rows, parts);
        if (!_areSigns)
            throw new InvalidOperationException(
                $"An input of the layer of '{weights.Weights.Name}' is neither +1 nor −1; the layer before it says "
                + $"'{nameof(Layer.HasSignOutputs)}'.");
        if (!weights.HasBits) weights.Multiply(pass.InputMemory, pass.OutputMemory, pass.Rows, pass.Workspace);
    }

    /// <summary>
    /// Effectively computes dL/dw[j, k] = Σ_i g[i, j] · a[i, k] for the output gradient g [n, m], and the inputs a
    /// [n, f] of the last forward pass.
    /// </summary>
    public void WeightGradient(in LayerPass pass)
    {
        ReadOnlyMemory<float> g = pass.OutputGradientMemory[..(pass.Rows * _bits.Outputs)];
        long multiplyAdds = (long)pass.Rows * _bits.Inputs * _bits.Outputs;
        int parts = threads.Parts(_bits.Outputs, SignGemm.RowStep, multiplyAdds);
        Run(isForward: false, g, weights.Weights.GradientMemory, pass.Rows, parts);
    }

    void IParallelWork.Run(int part, int thread)
    {
        if (_isForward)
        {
            (int start, int end) = WorkRange.Of(_rows, BandRows, part, _parts);
            for (int row = start; row < end; row += BandRows)
                ForwardRows(row, Math.Min(row + BandRows, end), _workspace!.Scratch(thread));
            return;
        }

        (int first, int last) = WorkRange.Of(_bits.Outputs, SignGemm.RowStep, part, _parts);
        for (int output = first; output < last; output += GradientOutputs)
            GradientRows(output, Math.Min(GradientOutputs, last - output), _work[thread].Span);
    }

    private void Run(bool isForward, ReadOnlyMemory<float> inputs, Memory<float> results, int rows, int parts)
    {
        (_isForward, _inputs, _results, _rows, _parts) = (isForward, inputs, results, rows, parts);
        threads.Run(this, parts);
        (_workspace, _inputs, _results) = (null, default, default);
    }

    // At most a word of rows: the second pass over them finds them in the core's own cache.
    private void ForwardRows(int start, int end, Span<float> scratch)
    {
        ReadOnlySpan<float> a = _inputs.Span[(start * _bits.Inputs)..(end * _bits.Inputs)];
        if (_keepsSigns) SignPacking.PackTransposedRows(a, start, _layout, _signs.Span);
        Span<int> sums = MemoryMarshal.Cast<float, int>(scratch[..(SumRows * _bits.Stride)]);
        Span<byte> bytes = MemoryMarshal.AsBytes(scratch[sums.Length..]);
        Span<byte> groups = bytes[..(SumRows * _bits.Groups)], row = bytes.Slice(groups.Length, RowBytes(_bits));
        for (int first = start; first < end; first += SumRows)
        {
            int count = Math.Min(SumRows, end - first);
            for (int i = 0; i < count; i++)
            {
                if (!BitPacking.PackSigns(a.Slice((first - start + i) * _bits.Inputs, _bits.Inputs), row)) _areSigns = false;
                BitPacking.PackRow(row, _bits, groups.Slice(i * _bits.Groups, _bits.Groups));
            }

            if (!weights.HasBits) continue;
            Span<float> z = _results.Span.Slice(first * _bits.Outputs, count * _bits.Outputs);
            weights.MultiplyBits(groups[..(count * _bits.Groups)], sums, z);
        }
    }

    private void GradientRows(int first, int count, Span<float> work)
    {
        Span<float> gradients = work[..(count * _rows)];
        Transposition.TransposeColumns(_inputs.Span, _bits.Outputs, first, count, gradients);
        Span<float> d = _results.Span.Slice(first * _bits.Inputs, count * _bits.Inputs);
        SignGemm.Multiply(gradients, _signs.Span, _layout.Transposed, bound: 1, d, work[(GradientOutputs * _rows)..]);
    }

    private void EnsureRows(int rows)
    {
        var layout = new SignLayout(rows, _bits.Inputs);
        if (layout == _layout) return;
        int length = layout.Transposed.Length;
        if (_signs.Length < length) _signs = AlignedBuffer.Allocate<uint>(length);
        else _signs.Span.Clear();
        int work = GradientOutputs * rows + SignGemm.WorkLength(layout.Transposed);
        for (int i = 0; i < _work.Length; i++)
        {
            if (_work[i].Length < work) _work[i] = AlignedBuffer.Allocate(work);
        }

        // Set last: if an allocation throws, the next call tries again.
        _layout = layout;
    }

    private static int RowBytes(BitLayout layout) => (layout.Inputs + 7) / 8;
}
