using System.Runtime.InteropServices;
using BinaryConnect.Kernels.ByteSignGemm;
using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Kernels.NarrowGemm;
using BinaryConnect.Kernels.NarrowGemm.Sparse;
using BinaryConnect.Kernels.Rows;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Threading;
using BytesByEight =
    BinaryConnect.Kernels.NarrowGemm.ByteInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Simd.Lanes256>;
using FloatsByEight =
    BinaryConnect.Kernels.NarrowGemm.FloatInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Simd.Lanes256>;

namespace BinaryConnect.Models.Products;

/// <summary>
/// The products of a dense layer of few outputs: forward, then backward with the same inputs. Bytes meet ±H weights in
/// exact integers. Where most blocks of inputs are 0, both directions skip them. Each thread takes some rows forward
/// and some inputs backward, so that results are the same to the bit for any number of threads. It belongs to one
/// caller.
/// </summary>
/// <remarks>
/// A span cannot be passed to another thread: its memory is pinned, and pointers are valid until the last part is done.
/// </remarks>
/// <param name="threads">The threads.</param>
/// <param name="skipsZeros">Whether the processor gains by skipping blocks of zeros.</param>
internal sealed unsafe class NarrowDense(WorkerPool threads, bool skipsZeros) : IParallelWork
{
    private const int Step = NarrowGemm.LeastColumns;

    // The largest share of nonzero blocks at which skipping the others pays.
    private const float MostNonzero = 0.5f;

    // Backward takes a bit of the stack for each row.
    private const int MostRows = 1 << 15;

    private readonly NonzeroBlocks _blocks = new();
    private Memory<sbyte> _signs;
    private bool _skips;

    // The operands of the product that runs.
    private Product _product;
    private int _parts, _length, _rows, _inner, _outputs;
    private float* _floats, _other, _result;
    private PinnedRows _bytes;
    private float _scale;

    private enum Product
    {
        FloatsByFloats,
        BytesByFloats,
        BytesBySigns,
        FloatGradient,
        ByteGradient,
    }

    private ReadOnlySpan<float> Floats => new(_floats, _rows * _inner);

    /// <summary>Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for x [n, f], w [m, f], z [n, m].</summary>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        int rows = x.Length / inner, outputs = w.Length / inner;
        _skips = MaySkip(rows, outputs) && NonzeroBlocks.Share<float, FloatsByEight>(new(x, inner)) < MostNonzero;
        if (_skips) _blocks.Reset(rows, inner);
        fixed (float* floats = x, other = w, result = z)
        {
            _floats = floats;
            _other = other;
            _result = result;
            Run(Product.FloatsByFloats, rows, rows, inner, outputs, default);
        }
    }

    /// <summary>
    /// Effectively computes factor · z[i, j] = Σ_k x[i, k] · w[j, k] for bytes x [n, f], w [m, f], z [n, m]: in
    /// integers where all weights are ±<paramref name="bound"/>.
    /// </summary>
    /// <returns>The factor that is left to be applied to z.</returns>
    public float Forward(ByteRows x, ReadOnlySpan<float> w, float bound, Span<float> z)
    {
        int outputs = w.Length / x.Width;
        _skips = MaySkip(x.Count, outputs) && NonzeroBlocks.Share<byte, BytesByEight>(new(x)) < MostNonzero;
        if (_skips) _blocks.Reset(x.Count, x.Width);
        bool isBinary = TryPackSigns(w, bound, x.Width);
        fixed (byte* bytes = x)
        fixed (float* other = w, result = z)
        {
            _bytes = new PinnedRows(bytes, x);
            _other = other;
            _result = result;
            Run(isBinary ? Product.BytesBySigns : Product.BytesByFloats, x.Count, x.Count, x.Width, outputs, default);
        }

        if (isBinary) ShortRows.IntegersToFloats(z);
        return isBinary ? bound : 1;
    }

    /// <summary>Effectively computes d[j, k] = Σ_i g[i, j] · x[i, k] for g [n, m], x [n, f], d [m, f].</summary>
    public void WeightGradient(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        fixed (float* floats = x, other = g, result = d)
        {
            _floats = floats;
            _other = other;
            _result = result;
            _scale = 1;
            Run(Product.FloatGradient, inner, x.Length / inner, inner, d.Length / inner, default);
        }
    }

    /// <summary>
    /// The same for bytes, times <paramref name="scale"/>. One thread also copies the rows of the next batch.
    /// </summary>
    public void WeightGradient(ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale, NextBatchRows ahead)
    {
        fixed (byte* bytes = x)
        fixed (float* other = g, result = d)
        {
            _bytes = new PinnedRows(bytes, x);
            _other = other;
            _result = result;
            _scale = scale;
            Run(Product.ByteGradient, x.Width, x.Count, x.Width, d.Length / x.Width, ahead);
        }
    }

    void IParallelWork.Run(int part, int thread)
    {
        (int start, int end) = WorkRange.Of(_length, Step, part, _parts);
        Run(start, end, default);
    }

    private void Run(Product product, int length, int rows, int inner, int outputs, NextBatchRows ahead)
    {
        (_product, _length, _rows, _inner, _outputs) = (product, length, rows, inner, outputs);
        _parts = threads.Parts(length, Step, (long)rows * inner * outputs);
        if (_parts == 1) Run(0, length, ahead);
        else threads.Run(this, _parts);
    }

    // Forward, of the rows from 'start' up to 'end'; backward, of the inputs.
    private void Run(int start, int end, NextBatchRows ahead)
    {
        ReadOnlySpan<float> w = new(_other, _outputs * _inner), g = new(_other, _rows * _outputs);
        Span<float> d = new(_result, _outputs * _inner);
        bool skips = _skips && _blocks.HaveShape(_rows, _inner);
        switch (_product)
        {
            case Product.FloatsByFloats:
                ReadOnlySpan<float> x = Floats[(start * _inner)..(end * _inner)];
                if (skips) SparseTiles.MultiplyTransposed<float, FloatsByEight>(
                    new(x, _inner), w, Outputs(start, end), _blocks, start);
                else NarrowGemm.MultiplyTransposed(x, w, Outputs(start, end), _inner);
                break;
            case Product.BytesByFloats:
                ByteRows rows = _bytes.Rows.Slice(start, end);
                if (skips) SparseTiles.MultiplyTransposed<byte, BytesByEight>(new(rows), w, Outputs(start, end), _blocks, start);
                else NarrowGemm.MultiplyTransposed(rows, w, Outputs(start, end));
                break;
            case Product.BytesBySigns:
                Span<int> sums = MemoryMarshal.Cast<float, int>(Outputs(start, end));
                if (skips) SparseByteSigns.Multiply(_bytes.Rows.Slice(start, end), _signs.Span, sums, _blocks, start);
                else ByteSignGemm.Multiply(
                    _bytes.Rows.Slice(start, end), _signs.Span[..(_outputs * ByteSignGemm.Stride(_inner))], sums);
                break;
            case Product.FloatGradient:
                if (skips) SparseTiles.TransposeMultiply<float, FloatsByEight>(
                    g, new(Floats, _inner), _blocks, d, _scale, start, end, ahead);
                else NarrowGemm.TransposeMultiply(g, Floats, d, _inner, start, end);
                break;
            default:
                if (skips) SparseTiles.TransposeMultiply<byte, BytesByEight>(
                    g, new(_bytes.Rows), _blocks, d, _scale, start, end, ahead);
                else NarrowGemm.TransposeMultiply(g, _bytes.Rows, d, _scale, start, end, ahead);
                break;
        }
    }

    private Span<float> Outputs(int start, int end) => new(_result + (nint)start * _outputs, (end - start) * _outputs);

    // The layout of the signs is that of the product that reads them. There is room for either layout, since the next
    // batch may need the other. False where a weight is not ±bound, where sums of bytes may not fit 32 bits, or where
    // the signs fit no buffer.
    private bool TryPackSigns(ReadOnlySpan<float> w, float bound, int inner)
    {
        if (inner > ByteSignGemm.MostInputs) return false;
        int outputs = w.Length / inner;
        long length = Math.Max(SparseByteSigns.Length(inner, outputs), (long)outputs * ByteSignGemm.Stride(inner));
        if (length > AlignedBuffer.MostLength) return false;
        if (_signs.Length < length) _signs = AlignedBuffer.Allocate<sbyte>((int)length);
        return _skips ? SparseByteSigns.TryPack(w, bound, _signs.Span, inner) : ByteSignPacking.Pack(
            w, bound, _signs.Span, inner);
    }

    private bool MaySkip(int rows, int outputs) =>
        skipsZeros && NonzeroBlocks.AreSupported && outputs >= SparseTiles.TileOutputs && rows <= MostRows;
}
