using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BinaryConnect.Kernels.NarrowGemm.Sparse;

/// <summary>
/// Which blocks of inputs are not all 0. A block is eight inputs of a row, one register of floats; the remainder of a
/// row belongs to no block. A word has a bit for each of 64 blocks, from the first block in the lowest bit on.
/// </summary>
/// <remarks>
/// Blocks of bytes are compared with 0 as 64-bit lanes, 4 or 8 at a time. Blocks of floats are narrowed by saturation,
/// four at a time, then compared. The last blocks of a row, fewer than eight, are compared one by one.
/// </remarks>
internal sealed class NonzeroBlocks
{
    /// <summary>The inputs of a block.</summary>
    public const int Size = 8;

    /// <summary>The blocks, or rows, of a word.</summary>
    public const int OfWord = 64;

    // About this many rows are sampled to estimate the share of nonzero blocks.
    private const int Sample = 8;

    // [blocks / 64, rows], both rounded up: words of a row are _stride apart.
    private ulong[] _words = [];
    private int _rows, _blocks, _stride;

    /// <summary>Whether this machine has the instructions (AVX2).</summary>
    public static bool AreSupported => Avx2.IsSupported;

    /// <summary>The words of a row.</summary>
    public int Words => (_blocks + OfWord - 1) / OfWord;

    /// <summary>The rows rounded up to whole words.</summary>
    public int RowsRoundedUp => _stride;

    /// <summary>
    /// The share of blocks that are not all 0, in [0, 1], estimated from a sample of rows; 1 where there are no blocks.
    /// </summary>
    public static float Share<TElement, TInput>(TInput x)
        where TElement : unmanaged
        where TInput : struct, IInput<TElement, Vector256<float>>, allows ref struct
    {
        int blocks = x.Width / Size, seen = 0, nonzero = 0;
        for (int i = 0; i < x.Count; i += Math.Max(1, x.Count / Sample))
        {
            for (int first = 0; first < blocks; first += OfWord)
            {
                int some = Math.Min(OfWord, blocks - first);
                nonzero += BitOperations.PopCount(Find(ref Unsafe.Add(ref x.Start(i), first * Size), some));
                seen += some;
            }
        }

        return seen == 0 ? 1 : (float)nonzero / seen;
    }

    /// <summary>Whether these are the blocks of inputs [rows, inner].</summary>
    public bool HaveShape(int rows, int inner) => rows == _rows && inner / Size == _blocks;

    /// <summary>Makes room for inputs [rows, inner]; <see cref="FindRow"/> must follow for each row.</summary>
    public void Reset(int rows, int inner)
    {
        _rows = rows;
        _blocks = inner / Size;
        _stride = (rows + OfWord - 1) / OfWord * OfWord;
        if (_words.Length < Words * _stride) _words = new ulong[Words * _stride];
    }

    /// <summary>The bits of a row's 64 blocks from 64 · <paramref name="word"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Word(int word, int row) => _words[word * _stride + row];

    /// <summary>The number of blocks of all rows that are not all 0.</summary>
    public int Count()
    {
        int count = 0;
        for (int word = 0; word < Words; word++)
        {
            foreach (ulong bits in _words.AsSpan(word * _stride, _rows)) count += BitOperations.PopCount(bits);
        }

        return count;
    }

    /// <summary>Finds the blocks of a row that are not all 0.</summary>
    public void FindRow<TElement>(ref TElement x, int row)
        where TElement : unmanaged
    {
        for (int first = 0, at = row; first < _blocks; first += OfWord, at += _stride)
        {
            _words[at] = Find(ref Unsafe.Add(ref x, first * Size), Math.Min(OfWord, _blocks - first));
        }
    }

    /// <summary>Effectively sets bit i of <paramref name="rows"/> to whether a block is not all 0 in row i.</summary>
    public void RowsOf(int block, Span<ulong> rows)
    {
        ref ulong words = ref MemoryMarshal.GetReference(_words.AsSpan(block / OfWord * _stride, _stride));
        ulong bit = 1UL << block;
        for (int i = 0; i < rows.Length; i++)
        {
            ref ulong some = ref Unsafe.Add(ref words, i * OfWord);
            ulong without = 0;
            for (int row = 0; row < OfWord; row += 8) without |= EightWithout(bit, ref Unsafe.Add(ref some, row)) << row;
            rows[i] = ~without;
        }

        // Words of rows past the last have undefined bits.
        if (_rows % OfWord != 0) rows[^1] &= (1UL << _rows) - 1;
    }

    /// <summary>
    /// A bit for each of the first <paramref name="blocks"/> blocks of bytes or floats, at most 64: set where a block
    /// is not all 0. A float of −0 counts as not 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Find<TElement>(ref TElement x, int blocks)
        where TElement : unmanaged => typeof(TElement) == typeof(byte)
            ? FindBytes(ref Unsafe.As<TElement, byte>(ref x), blocks)
            : FindFloats(ref Unsafe.As<TElement, float>(ref x), blocks);

    private static ulong FindBytes(ref readonly byte bytes, int blocks)
    {
        ref readonly ulong words = ref Unsafe.As<byte, ulong>(ref Unsafe.AsRef(in bytes));
        ulong zero = 0;
        nuint p = 0, eights = (nuint)blocks & ~7u;
        for (; p < eights; p += 8) zero |= EightZero(in words, p) << (int)p;
        for (; p < (nuint)blocks; p++) zero |= (Unsafe.Add(ref Unsafe.AsRef(in words), p) == 0 ? 1UL : 0) << (int)p;
        return Others(zero, blocks);
    }

    private static ulong FindFloats(ref readonly float floats, int blocks)
    {
        ulong zero = 0;
        nuint p = 0, eights = (nuint)blocks & ~7u;
        for (; p < eights; p += 8) zero |= (ulong)(FourZero(in floats, p) | FourZero(in floats, p + 4) << 4) << (int)p;
        for (; p < (nuint)blocks; p++) zero |= (Eight(in floats, p) == Vector256<int>.Zero ? 1UL : 0) << (int)p;
        return Others(zero, blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightZero(ref readonly ulong blocks, nuint first)
    {
        if (Avx512F.IsSupported)
            return Vector512.Equals(Vector512.LoadUnsafe(in blocks, first), Vector512<ulong>.Zero).ExtractMostSignificantBits();
        return (ulong)(FourZero(in blocks, first) | FourZero(in blocks, first + 4) << 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FourZero(ref readonly ulong blocks, nuint first) =>
        Avx.MoveMask(Avx2.CompareEqual(Vector256.LoadUnsafe(in blocks, first), Vector256<ulong>.Zero).AsDouble());

    // Saturation makes no nonzero number 0. Each half of the last register has four bytes of that half of every block.
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
    private static Vector256<int> Eight(ref readonly float floats, nuint block) =>
        Vector256.LoadUnsafe(in floats, block * (nuint)Vector256<float>.Count).AsInt32();

    // Inverts the first 'count' bits, and clears the others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Others(ulong bits, int count) => ~bits & ulong.MaxValue >> (OfWord - count);

    // Bit i is set where word i of eight does not have the bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightWithout(ulong bit, ref ulong words)
    {
        if (Avx512F.IsSupported)
            return Vector512.Equals(Vector512.LoadUnsafe(ref words) & Vector512.Create(bit), Vector512<ulong>.Zero)
                .ExtractMostSignificantBits();
        return FourWithout(bit, ref words) | FourWithout(bit, ref Unsafe.Add(ref words, 4)) << 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FourWithout(ulong bit, ref ulong words) =>
        Vector256.Equals(Vector256.LoadUnsafe(ref words) & Vector256.Create(bit), Vector256<ulong>.Zero)
            .ExtractMostSignificantBits();
}
