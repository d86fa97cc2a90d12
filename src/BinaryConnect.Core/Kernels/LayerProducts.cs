using BytesByEight = BinaryConnect.Kernels.ByteInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Lanes256>;
using FloatsByEight = BinaryConnect.Kernels.FloatInput<System.Runtime.Intrinsics.Vector256<float>, BinaryConnect.Kernels.Lanes256>;

namespace BinaryConnect.Kernels;

/// <summary>
/// The products of a layer of few outputs, forward and then backward with the same inputs. Where many pieces of the inputs are 0, they are
/// left out: forward says where they are, backward takes its word for it. Parts of a product may run at the same time.
/// </summary>
/// <param name="manyZeros">What becomes of zeros where they are many.</param>
internal sealed class LayerProducts(Zeros manyZeros)
{
    // The largest share of pieces with something in them at which leaving out the others pays.
    private const float MostNonzero = 0.5f;

    // Backward takes a bit of the stack for each row.
    private const int MostRows = 1 << 15;

    private readonly NonzeroPieces _pieces = new();
    private Zeros _zeros;
    private Memory<sbyte> _signs;

    /// <summary>Chooses how the inputs that follow are multiplied.</summary>
    public void LookAt(ReadOnlySpan<float> x, int inner, int outputs)
    {
        bool areFew = manyZeros == Zeros.AreLeftOut && Suit(x.Length / inner, outputs)
            && NonzeroPieces.Share<float, FloatsByEight>(new(x, inner)) < MostNonzero;
        _zeros = areFew ? manyZeros : Zeros.AreMultiplied;
        if (areFew) _pieces.Reset(x.Length / inner, inner);
    }

    /// <summary>The same for bytes.</summary>
    public void LookAt(ByteRows x, int outputs)
    {
        bool areFew = manyZeros == Zeros.AreLeftOut && Suit(x.Count, outputs)
            && NonzeroPieces.Share<byte, BytesByEight>(new(x)) < MostNonzero;
        _zeros = areFew ? manyZeros : Zeros.AreMultiplied;
        if (areFew) _pieces.Reset(x.Count, x.Width);
    }

    /// <summary>Effectively computes z[i, j] = Σ_k x[i, k] · w[j, k] for rows of those that were looked at, from row <paramref name="first"/> on.</summary>
    public void MultiplyTransposed(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> z, int inner, int first)
    {
        if (_zeros == Zeros.AreLeftOut) PieceTiles.MultiplyTransposed<float, FloatsByEight>(new(x, inner), w, z, _pieces, first);
        else FloatProduct.MultiplyTransposed(x, w, z, inner);
    }

    /// <summary>The same for bytes.</summary>
    public void MultiplyTransposed(ByteRows x, ReadOnlySpan<float> w, Span<float> z, int first)
    {
        if (_zeros == Zeros.AreLeftOut) PieceTiles.MultiplyTransposed<byte, BytesByEight>(new(x), w, z, _pieces, first);
        else FloatProduct.MultiplyTransposed(x, w, z);
    }

    /// <summary>
    /// Packs weights [m, k] that are all ±<paramref name="bound"/> for <see cref="MultiplySigns"/> with bytes that were looked at. False where some
    /// weight is anything else, or the shape is too large for integers.
    /// </summary>
    public bool TryPackSigns(ReadOnlySpan<float> w, float bound, ByteRows x)
    {
        int inner = x.Width;
        if (!TryReserve(w.Length / inner, inner)) return false;
        return _zeros == Zeros.AreLeftOut ? SignPieces.TryPack(w, bound, _signs.Span, inner) : SignBytes.Pack(w, bound, _signs.Span, inner);
    }

    /// <summary>
    /// Packs the signs of weights [m, k], whatever bytes are looked at later. False, and nothing packed, where their layout depends on the
    /// bytes, or the shape is too large for integers.
    /// </summary>
    public bool TryPackSigns(ReadOnlySpan<float> w, int inner)
    {
        if (manyZeros == Zeros.AreLeftOut || !TryReserve(w.Length / inner, inner)) return false;
        SignBytes.Pack(w, bound: 1, _signs.Span, inner);
        return true;
    }

    /// <summary>Effectively computes w = ±<paramref name="bound"/> by the signs that were packed without looking at bytes.</summary>
    public void UnpackSigns(Span<float> w, float bound, int inner) => SignBytes.Unpack(_signs.Span, bound, w, inner);

    /// <summary>
    /// Effectively computes z[i, j] = Σ_k x[i, k] · s[j, k], exact in integers, with the signs that were packed last, for rows of those that were looked at,
    /// from row <paramref name="first"/> on.
    /// </summary>
    public void MultiplySigns(ByteRows x, Span<int> z, int first)
    {
        int outputs = z.Length / Math.Max(1, x.Count);
        if (_zeros == Zeros.AreLeftOut) SignPieces.Multiply(x, _signs.Span, z, _pieces, first);
        else ByteProduct.Multiply(x, _signs.Span[..(outputs * ByteProduct.Stride(x.Width))], z);
    }

    /// <inheritdoc cref="FloatProduct.TransposeMultiply(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int, int, int)"/>
    public void TransposeMultiply(ReadOnlySpan<float> g, ReadOnlySpan<float> x, Span<float> d, int inner, int start, int end)
    {
        if (LeavesOutZerosOf(x.Length / inner, inner))
            PieceTiles.TransposeMultiply<float, FloatsByEight>(g, new(x, inner), _pieces, d, 1, start, end, default);
        else
            FloatProduct.TransposeMultiply(g, x, d, inner, start, end);
    }

    /// <inheritdoc cref="FloatProduct.TransposeMultiply(ReadOnlySpan{float}, ByteRows, Span{float}, float, int, int, NextRows)"/>
    public void TransposeMultiply(ReadOnlySpan<float> g, ByteRows x, Span<float> d, float scale, int start, int end, NextRows ahead)
    {
        if (LeavesOutZerosOf(x.Count, x.Width)) PieceTiles.TransposeMultiply<byte, BytesByEight>(g, new(x), _pieces, d, scale, start, end, ahead);
        else FloatProduct.TransposeMultiply(g, x, d, scale, start, end, ahead);
    }

    // Room for either layout: the next batch may take the other one, and no step but the first allocates. False where sums of bytes
    // may not fit 32 bits, or the signs do not fit one buffer: few inputs are rounded up to many times as many.
    private bool TryReserve(int outputs, int inner)
    {
        if (inner > ByteProduct.MostInputs) return false;
        long length = Math.Max(SignPieces.Length(inner, outputs), (long)outputs * ByteProduct.Stride(inner));
        if (length > AlignedBuffer.MostLength) return false;
        if (_signs.Length < length) _signs = AlignedBuffer.Allocate<sbyte>((int)length);
        return true;
    }

    private static bool Suit(int rows, int outputs) => NonzeroPieces.AreSupported && outputs >= PieceTiles.TileOutputs && rows <= MostRows;

    private bool LeavesOutZerosOf(int rows, int inner) => _zeros != Zeros.AreMultiplied && _pieces.HaveShape(rows, inner);
}
