using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.NarrowGemm.Sparse;

/// <summary>
/// Where rows of inputs are not 0. A row is cut into pieces of eight inputs, a register of floats; the remainder is not looked at.
/// A word has a bit for each of 64 pieces. Of MNIST's pieces three in five are all 0.
/// </summary>
internal sealed class NonzeroBlocks
{
    /// <summary>Inputs in a piece.</summary>
    public const int Size = 8;

    /// <summary>Pieces, or rows, in a word.</summary>
    public const int OfWord = 64;

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

    /// <summary>The share of pieces that have something, from 0 to 1, in as many rows as it takes to tell; 1 where there are none.</summary>
    public static float Share<TElement, TInput>(TInput x)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int pieces = x.Width / Size, seen = 0, nonzero = 0;
        for (int i = 0; i < x.Count; i += Math.Max(1, x.Count / Sample))
        {
            for (int first = 0; first < pieces; first += OfWord)
            {
                int some = Math.Min(OfWord, pieces - first);
                nonzero += BitOperations.PopCount(Find(ref Unsafe.Add(ref x.Start(i), first * Size), some));
                seen += some;
            }
        }

        return seen == 0 ? 1 : (float)nonzero / seen;
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

    /// <summary>How many pieces of all rows are not all 0.</summary>
    public int Count()
    {
        int count = 0;
        for (int word = 0; word < Words; word++)
        {
            foreach (ulong bits in _words.AsSpan(word * _stride, _rows)) count += BitOperations.PopCount(bits);
        }

        return count;
    }

    /// <summary>Sees which pieces of a row are not all 0.</summary>
    public void FindRow<TElement>(ref TElement x, int row)
        where TElement : unmanaged
    {
        for (int first = 0, at = row; first < _pieces; first += OfWord, at += _stride)
        {
            _words[at] = Find(ref Unsafe.Add(ref x, first * Size), Math.Min(OfWord, _pieces - first));
        }
    }

    /// <summary>Bit i of <paramref name="rows"/>: whether a piece is not all 0 in row i.</summary>
    public void RowsOf(int piece, Span<ulong> rows)
    {
        ref ulong words = ref MemoryMarshal.GetReference(_words.AsSpan(piece / OfWord * _stride, _stride));
        ulong bit = 1UL << piece;
        for (int i = 0; i < rows.Length; i++)
        {
            ref ulong some = ref Unsafe.Add(ref words, i * OfWord);
            ulong without = 0;
            for (int row = 0; row < OfWord; row += 8) without |= EightWithout(bit, ref Unsafe.Add(ref some, row)) << row;
            rows[i] = ~without;
        }

        // What the words of no row hold is not known.
        if (_rows % OfWord != 0) rows[^1] &= (1UL << _rows) - 1;
    }

    /// <summary>
    /// A bit for each of the first <paramref name="pieces"/> pieces of bytes or floats, 64 at most: set where it is not all 0.
    /// A float of −0 counts as not 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Find<TElement>(ref TElement x, int pieces)
        where TElement : unmanaged => typeof(TElement) == typeof(byte)
            ? FindBytes(ref Unsafe.As<TElement, byte>(ref x), pieces)
            : FindFloats(ref Unsafe.As<TElement, float>(ref x), pieces);

    private static ulong FindBytes(ref readonly byte bytes, int pieces)
    {
        ref readonly ulong words = ref Unsafe.As<byte, ulong>(ref Unsafe.AsRef(in bytes));
        ulong zero = 0;
        nuint p = 0, eights = (nuint)pieces & ~7u;
        for (; p < eights; p += 8) zero |= EightZero(in words, p) << (int)p;
        for (; p < (nuint)pieces; p++) zero |= (Unsafe.Add(ref Unsafe.AsRef(in words), p) == 0 ? 1UL : 0) << (int)p;
        return Others(zero, pieces);
    }

    private static ulong FindFloats(ref readonly float floats, int pieces)
    {
        ulong zero = 0;
        nuint p = 0, eights = (nuint)pieces & ~7u;
        for (; p < eights; p += 8) zero |= (ulong)(FourZero(in floats, p) | FourZero(in floats, p + 4) << 4) << (int)p;
        for (; p < (nuint)pieces; p++) zero |= (Eight(in floats, p) == Vector256<int>.Zero ? 1UL : 0) << (int)p;
        return Others(zero, pieces);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightZero(ref readonly ulong pieces, nuint first)
    {
        if (Avx512F.IsSupported) return Vector512.Equals(Vector512.LoadUnsafe(in pieces, first), Vector512<ulong>.Zero).ExtractMostSignificantBits();
        return (ulong)(FourZero(in pieces, first) | FourZero(in pieces, first + 4) << 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FourZero(ref readonly ulong pieces, nuint first) =>
        Avx.MoveMask(Avx2.CompareEqual(Vector256.LoadUnsafe(in pieces, first), Vector256<ulong>.Zero).AsDouble());

    // Saturation leaves no number 0 that was none. A half of the last register has four bytes of that half of each piece.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FourZero(ref readonly float floats, nuint first)
    {
        Vector256<short> low = Avx2.PackSignedSaturate(Eight(in floats, first), Eight(in floats, first + 1));
        Vector256<short> high = Avx2.PackSignedSaturate(Eight(in floats, first + 2), Eight(in floats, first + 3));
        Vector256<int> halves = Avx2.PackSignedSaturate(low, high).AsInt32();
        int zero = Avx.MoveMask(Avx2.CompareEqual(halves, Vector256<int>.Zero).AsSingle());
        return zero & zero >> 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Eight(ref readonly float floats, nuint piece) => Vector256.LoadUnsafe(in floats, piece * (nuint)Vector256<float>.Count).AsInt32();

    // Those of the first bits that are not set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Others(ulong bits, int count) => ~bits & ulong.MaxValue >> (OfWord - count);

    // Which of eight words do not have a bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightWithout(ulong bit, ref ulong words)
    {
        if (Avx512F.IsSupported)
            return Vector512.Equals(Vector512.LoadUnsafe(ref words) & Vector512.Create(bit), Vector512<ulong>.Zero).ExtractMostSignificantBits();
        return FourWithout(bit, ref words) | FourWithout(bit, ref Unsafe.Add(ref words, 4)) << 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FourWithout(ulong bit, ref ulong words) =>
        Vector256.Equals(Vector256.LoadUnsafe(ref words) & Vector256.Create(bit), Vector256<ulong>.Zero).ExtractMostSignificantBits();
}
