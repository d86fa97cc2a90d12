using System.Runtime.Intrinsics;
using BytesByEight = BinaryConnect.Kernels.ByteInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Lanes256>;
using FloatsByEight = BinaryConnect.Kernels.FloatInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Lanes256>;

namespace BinaryConnect.Kernels;

/// <summary>
/// The products of a layer of few outputs, forward and then backward with the same inputs. Where most pieces of the inputs are 0, both
/// leave them out: forward says where they are, backward takes its word for it. Parts of them may run at the same time.
/// </summary>
internal sealed class LayerProducts
{
    // Backward takes a byte of the stack for each row, and a bit.
    private const int MostRows = 1 << 15;

    private readonly NonzeroPieces _pieces = new();
    private bool _leavesOutZeros;
    private Memory<sbyte> _signs;

    /// <summary>Chooses how the inputs that follow are multiplied.</summary>
    public void LookAt(ReadOnlySpan<float> x, int inner, int outputs) => LookAt<float, FloatsByEight>(new(x, inner), outputs);

    /// <summary>The same for bytes.</summary>
    public void LookAt(ByteRows x, int outputs) => LookAt<byte, BytesByEight>(new(x), outputs);

    /// <summary>Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for rows of those that were looked at, from row <paramref name="first"/> on.</summary>
    public void MultiplyTransposed(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner, int first)
    {
        if (_leavesOutZeros) PieceTiles.MultiplyTransposed<float, FloatsByEight>(new(x, inner), w, z, _pieces, first);
        else FloatProduct.MultiplyTransposed(x, w, z, inner);
    }

    /// <summary>The same for bytes.</summary>
    public void MultiplyTransposed(ByteRows x, ReadOnlySpan<float> w, Span<float> z, int first)
    {
        if (_leavesOutZeros) PieceTiles.MultiplyTransposed<byte, BytesByEight>(new(x), w, z, _pieces, first);
        else FloatProduct.MultiplyTransposed(x, w, z);
    }

    /// <summary>
    /// Packs weights [m, k] that are all ±<paramref name="bound"/> for <see cref="MultiplySigns"/> with bytes that were looked at. False where some
    /// weight is anything else.
    /// </summary>
    public bool TryPackSigns(ReadOnlySpan<float> w, float bound, ByteRows x)
    {
        int inner = x.Width, outputs = w.Length / inner;
        // Room for either layout: the next batch may take the other one, and no step but the first allocates.
        int length = Math.Max(SignPieces.Length(inner, outputs), outputs * ByteProduct.Stride(inner));
        if (_signs.Length < length) _signs = AlignedBuffer.Allocate<sbyte>(length);
        return _leavesOutZeros ? SignPieces.TryPack(w, bound, _signs.Span, inner) : SignBytes.TryPack(w, bound, _signs.Span, inner);
    }

    /// <summary>The same for bytes and the signs that were packed last: the sums of x · s, exact in integers.</summary>
    public void MultiplySigns(ByteRows x, Span<int> z, int first)
    {
        int outputs = z.Length / Math.Max(1, x.Count);
        if (_leavesOutZeros) SignPieces.Multiply(x, _signs.Span, z, _pieces, first);
        else ByteProduct.Multiply(x, _signs.Span[..(outputs * ByteProduct.Stride(x.Width))], z);
    }

    /// <inheritdoc cref="FloatProduct.TransposeMultiply(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int, int, int)"/>
    public void TransposeMultiply(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner, int start, int end)
    {
        if (LeavesOutZerosOf(x.Length / inner, inner)) PieceTiles.TransposeMultiply<float, FloatsByEight>(g, new(x, inner), _pieces, d, 1, start, end, default);
        else FloatProduct.TransposeMultiply(g, x, d, inner, start, end);
    }

    /// <inheritdoc cref="FloatProduct.TransposeMultiply(ReadOnlySpan{float}, ByteRows, Span{float}, float, int, int, ByteRows)"/>
    public void TransposeMultiply(ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale, int start, int end, ByteRows ahead)
    {
        if (LeavesOutZerosOf(x.Count, x.Width)) PieceTiles.TransposeMultiply<byte, BytesByEight>(g, new(x), _pieces, d, scale, start, end, ahead);
        else FloatProduct.TransposeMultiply(g, x, d, scale, start, end, ahead);
    }

    private bool LeavesOutZerosOf(int rows, int inner) => _leavesOutZeros && _pieces.HaveShape(rows, inner);

    private void LookAt<TElement, TInput>(TInput x, int outputs)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        _leavesOutZeros = NonzeroPieces.AreSupported && outputs >= PieceTiles.TileOutputs && x.Count <= MostRows && NonzeroPieces.AreFew<TElement, TInput>(x);
        if (_leavesOutZeros) _pieces.Reset(x.Count, x.Width);
    }
}
