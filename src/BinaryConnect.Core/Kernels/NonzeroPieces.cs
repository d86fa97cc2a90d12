using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels;

/// <summary>
/// Where rows of inputs are not 0. A row is looked at in pieces of eight inputs, what is left over is not; a word has a bit for
/// each of 64 pieces. Of the pieces of MNIST's images three in five are all 0.
/// </summary>
internal sealed class NonzeroPieces
{
    /// <summary>Inputs in a piece.</summary>
    public const int Size = 8;

    /// <summary>Pieces, or rows, in a word.</summary>
    public const int OfWord = 64;

    /// <summary>Pieces in a byte.</summary>
    public const int OfByte = 8;

    // So few rows tell whether most pieces of all rows are 0.
    private const int Sample = 8;

    // [pieces / 64, rows], the rows rounded up.
    private ulong[] _words = [];
    private int _rows, _pieces, _stride;

    /// <summary>Whether this machine has what it takes.</summary>
    public static bool AreSupported => Avx2.IsSupported;

    /// <summary>How many words a row has.</summary>
    public int Words => (_pieces + OfWord - 1) / OfWord;

    /// <summary>The rows rounded up to whole words.</summary>
    public int RowsRoundedUp => _stride;

    /// <summary>Whether fewer than half of the pieces have something, in as many rows as it takes to tell.</summary>
    public static bool AreFew<TElement, TInput>(TInput x)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int pieces = x.Width / Size, seen = 0, nonzero = 0;
        for (int i = 0; i < x.Count; i += Math.Max(1, x.Count / Sample))
        {
            for (int first = 0; first < pieces; first += OfWord)
            {
                int some = Math.Min(OfWord, pieces - first);
                nonzero += BitOperations.PopCount(TInput.NonzeroPieces(ref Unsafe.Add(ref x.Start(i), first * Size), some));
                seen += some;
            }
        }

        return 2 * nonzero < seen;
    }

    /// <summary>Whether these are the pieces of so many rows of so many inputs.</summary>
    public bool HaveShape(int rows, int inner) => rows == _rows && inner / Size == _pieces;

    /// <summary>Makes room for so many rows, of which nothing is known yet.</summary>
    public void Reset(int rows, int inner)
    {
        _rows = rows;
        _pieces = inner / Size;
        _stride = (rows + OfWord - 1) / OfWord * OfWord;
        if (_words.Length < Words * _stride) _words = new ulong[Words * _stride];
    }

    /// <summary>The bits of pieces 64 · <paramref name="word"/> and on of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Word(int word, int row) => _words[word * _stride + row];

    /// <summary>Sees which pieces of a row are not all 0.</summary>
    public void Find<TElement, TInput>(ref TElement x, int row)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        for (int first = 0, at = row; first < _pieces; first += OfWord, at += _stride)
        {
            _words[at] = TInput.NonzeroPieces(ref Unsafe.Add(ref x, first * Size), Math.Min(OfWord, _pieces - first));
        }
    }

    /// <summary>The bits of the eight pieces of a byte, of which <paramref name="piece"/> is one: a byte for each row.</summary>
    public void BytesOf(int piece, Span<byte> bytes)
    {
        ref ulong words = ref MemoryMarshal.GetReference(_words.AsSpan(piece / OfWord * _stride, _stride));
        ref byte target = ref MemoryMarshal.GetReference(bytes);
        int down = piece % OfWord / OfByte * OfByte;
        for (int row = 0; row < _stride; row += Vector256<byte>.Count)
        {
            ref ulong some = ref Unsafe.Add(ref words, row);
            Vector256<ushort> low = Vector256.Narrow(Eight(ref some, down), Eight(ref Unsafe.Add(ref some, 8), down));
            Vector256<ushort> high = Vector256.Narrow(Eight(ref Unsafe.Add(ref some, 16), down), Eight(ref Unsafe.Add(ref some, 24), down));
            Vector256.Narrow(low, high).StoreUnsafe(ref target, (nuint)row);
        }
    }

    /// <summary>Bit i of <paramref name="rows"/>: whether a piece that <paramref name="bytes"/> are of is not all 0 in row i.</summary>
    public void RowsOf(int piece, ReadOnlySpan<byte> bytes, Span<ulong> rows)
    {
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        int up = OfByte - 1 - piece % OfByte;
        for (int i = 0; i < rows.Length; i++)
        {
            nuint at = (nuint)(i * OfWord);
            rows[i] = HighestBits(ref source, at, up) | (ulong)HighestBits(ref source, at + 32, up) << 32;
        }

        // What the words of no row hold is not known.
        if (_rows % OfWord != 0) rows[^1] &= (1UL << _rows) - 1;
    }

    /// <summary>A bit for each of the first <paramref name="pieces"/> pieces, 64 at most: set where it is not all 0.</summary>
    public static ulong Find(ref readonly byte bytes, int pieces)
    {
        ref readonly ulong words = ref Unsafe.As<byte, ulong>(ref Unsafe.AsRef(in bytes));
        ulong zero = 0;
        nuint p = 0, eights = (nuint)pieces & ~7u;
        for (; p < eights; p += 8) zero |= (ulong)(FourZero(in words, p) | FourZero(in words, p + 4) << 4) << (int)p;
        for (; p < (nuint)pieces; p++) zero |= (Unsafe.Add(ref Unsafe.AsRef(in words), p) == 0 ? 1UL : 0) << (int)p;
        return Others(zero, pieces);
    }

    /// <summary>The same for floats; −0 counts as not 0.</summary>
    public static ulong Find(ref readonly float floats, int pieces)
    {
        ulong zero = 0;
        nuint p = 0, eights = (nuint)pieces & ~7u;
        for (; p < eights; p += 8) zero |= (ulong)(FourZero(in floats, p) | FourZero(in floats, p + 4) << 4) << (int)p;
        for (; p < (nuint)pieces; p++) zero |= (Piece(in floats, p) == Vector256<int>.Zero ? 1UL : 0) << (int)p;
        return Others(zero, pieces);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FourZero(ref readonly ulong pieces, nuint first) =>
        Avx.MoveMask(Avx2.CompareEqual(Vector256.LoadUnsafe(in pieces, first), Vector256<ulong>.Zero).AsDouble());

    // Saturation leaves no number 0 that was none. A half of the last register has four bytes of that half of each piece.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FourZero(ref readonly float floats, nuint first)
    {
        Vector256<short> low = Avx2.PackSignedSaturate(Piece(in floats, first), Piece(in floats, first + 1));
        Vector256<short> high = Avx2.PackSignedSaturate(Piece(in floats, first + 2), Piece(in floats, first + 3));
        Vector256<int> halves = Avx2.PackSignedSaturate(low, high).AsInt32();
        int zero = Avx.MoveMask(Avx2.CompareEqual(halves, Vector256<int>.Zero).AsSingle());
        return zero & zero >> 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Piece(ref readonly float floats, nuint piece) => Vector256.LoadUnsafe(in floats, piece * Size).AsInt32();

    // Those of the first bits that are not set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Others(ulong bits, int count) => ~bits & ulong.MaxValue >> (OfWord - count);

    // Eight words, moved down.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Eight(ref ulong words, int down) =>
        Vector256.Narrow(Vector256.LoadUnsafe(ref words) >>> down, Vector256.LoadUnsafe(ref words, 4) >>> down);

    // Of 32 bytes, each moved up: 16 bits move at a time, and what comes from the byte below does not reach the highest bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HighestBits(ref byte bytes, nuint offset, int up) =>
        (uint)Avx2.MoveMask(Vector256.ShiftLeft(Vector256.LoadUnsafe(ref bytes, offset).AsUInt16(), up).AsByte());
}
