using System.Runtime.InteropServices;

namespace BinaryConnect.Kernels;

/// <summary>
/// The products of a layer of few outputs on several threads: forward each takes some of the rows, backward some of the inputs,
/// so that the results are the same to the bit for any number of threads. It belongs to one caller.
/// </summary>
/// <remarks>Spans cannot be handed to another thread; their memory is pinned, and pointers are, until the last part is done.</remarks>
internal sealed unsafe class SplitLayer(int degreeOfParallelism) : ISplitWork
{
    private const int Step = FloatProduct.LeastColumns;

    private readonly WorkSplit _split = new(degreeOfParallelism);
    private readonly LayerProducts _products = new(Processor.Zeros);
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

    /// <inheritdoc cref="FloatProduct.MultiplyTransposed(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int)"/>
    public void MultiplyTransposed(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner)
    {
        int rows = x.Length / inner, outputs = w.Length / inner;
        _products.LookAt(x, inner, outputs);
        if (!Splits(rows, rows, inner, outputs))
        {
            _products.MultiplyTransposed(x, w, z, inner, first: 0);
            return;
        }

        fixed (float* floats = x, other = w, result = z)
        {
            _floats = floats;
            _other = other;
            _result = result;
            Run(Product.FloatsByFloats);
        }
    }

    /// <inheritdoc cref="FloatProduct.MultiplyTransposed(ByteRows, ReadOnlySpan{float}, Span{float})"/>
    public void MultiplyTransposed(ByteRows x, ReadOnlySpan<float> w, Span<float> z)
    {
        int outputs = w.Length / x.Width;
        _products.LookAt(x, outputs);
        if (!Splits(x.Count, x.Count, x.Width, outputs))
        {
            _products.MultiplyTransposed(x, w, z, first: 0);
            return;
        }

        fixed (float* other = w, result = z)
        {
            _other = other;
            _result = result;
            RunOnBytes(Product.BytesByFloats, x);
        }
    }

    /// <summary>
    /// The same for weights that are all ±<paramref name="bound"/>, in integers: z[i, j] = Σ_k x[i, k] · s[j, k]. False, and nothing written, where
    /// some weight is anything else.
    /// </summary>
    public bool TryMultiplySigns(ByteRows x, ReadOnlySpan<float> w, float bound, Span<int> z)
    {
        int outputs = w.Length / x.Width;
        _products.LookAt(x, outputs);
        if (!_products.TryPackSigns(w, bound, x)) return false;
        MultiplyPackedSigns(x, z, outputs);
        return true;
    }

    /// <inheritdoc cref="LayerProducts.TryPackSigns(ReadOnlySpan{float}, int)"/>
    public bool TryPackSigns(ReadOnlySpan<float> w, int inner) => _products.TryPackSigns(w, inner);

    /// <inheritdoc cref="LayerProducts.UnpackSigns"/>
    public void UnpackSigns(Span<float> w, float bound, int inner) => _products.UnpackSigns(w, bound, inner);

    /// <summary>Effectively computes z[i, j] = Σ_k x[i, k] · s[j, k] with the signs that were packed without looking at bytes.</summary>
    public void MultiplySigns(ByteRows x, Span<int> z)
    {
        int outputs = z.Length / Math.Max(1, x.Count);
        _products.LookAt(x, outputs);
        MultiplyPackedSigns(x, z, outputs);
    }

    /// <inheritdoc cref="FloatProduct.TransposeMultiply(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int)"/>
    public void TransposeMultiply(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner)
    {
        if (!Splits(inner, x.Length / inner, inner, d.Length / inner))
        {
            _products.TransposeMultiply(g, x, d, inner, 0, inner);
            return;
        }

        fixed (float* floats = x, other = g, result = d)
        {
            _floats = floats;
            _other = other;
            _result = result;
            Run(Product.FloatGradient);
        }
    }

    /// <inheritdoc cref="FloatProduct.TransposeMultiply(ReadOnlySpan{float}, ByteRows, Span{float}, float, NextRows)"/>
    public void TransposeMultiply(ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale, NextRows ahead)
    {
        if (!Splits(x.Width, x.Count, x.Width, d.Length / x.Width))
        {
            _products.TransposeMultiply(g, x, d, scale, 0, x.Width, ahead);
            return;
        }

        fixed (float* other = g, result = d)
        {
            _other = other;
            _result = result;
            _scale = scale;
            RunOnBytes(Product.ByteGradient, x);
        }
    }

    void ISplitWork.Run(int part, int thread)
    {
        (int start, int end) = WorkSplit.Range(_length, Step, part, _parts);
        Span<float> z = new(_result + (nint)start * _outputs, (end - start) * _outputs), d = new(_result, _outputs * _inner);
        ReadOnlySpan<float> w = new(_other, _outputs * _inner), g = new(_other, _rows * _outputs);
        switch (_product)
        {
            case Product.FloatsByFloats: _products.MultiplyTransposed(Floats[(start * _inner)..(end * _inner)], w, z, _inner, start); break;
            case Product.BytesByFloats: _products.MultiplyTransposed(_bytes.Rows.Slice(start, end), w, z, start); break;
            case Product.BytesBySigns: _products.MultiplySigns(_bytes.Rows.Slice(start, end), MemoryMarshal.Cast<float, int>(z), start); break;
            case Product.FloatGradient: _products.TransposeMultiply(g, Floats, d, _inner, start, end); break;
            default: _products.TransposeMultiply(g, _bytes.Rows, d, _scale, start, end, default); break;
        }
    }

    private void MultiplyPackedSigns(ByteRows x, Span<int> z, int outputs)
    {
        if (!Splits(x.Count, x.Count, x.Width, outputs))
        {
            _products.MultiplySigns(x, z, first: 0);
            return;
        }

        fixed (int* result = z)
        {
            _result = (float*)result;
            RunOnBytes(Product.BytesBySigns, x);
        }
    }

    private bool Splits(int length, int rows, int inner, int outputs)
    {
        (_length, _rows, _inner, _outputs) = (length, rows, inner, outputs);
        _parts = _split.Parts(length, Step, (long)rows * inner * outputs);
        return _parts > 1;
    }

    private void RunOnBytes(Product product, ByteRows x)
    {
        fixed (byte* first = x)
        {
            _bytes = new PinnedRows(first, x);
            Run(product);
        }
    }

    private void Run(Product product)
    {
        _product = product;
        _split.Run(this, _parts);
    }
}
