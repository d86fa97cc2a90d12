using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Random;

/// <summary>
/// The operations on one register of 64-bit lanes in which <see cref="Philox4x32"/> is written. The lower half of a
/// lane holds one word of one block. The upper half holds leftovers of a product, which no later product reads.
/// </summary>
/// <typeparam name="TVector">The register, of the type that <see cref="ILanes{TVector}"/> has for floats.</typeparam>
internal interface IWords<TVector>
    where TVector : struct
{
    /// <summary>How many 64-bit lanes, and so blocks, a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>A register with <paramref name="value"/> in every lane.</summary>
    static abstract TVector Create(ulong value);

    /// <summary>
    /// The numbers of <see cref="Count"/> consecutive blocks from <paramref name="first"/> on: the first half in the
    /// even lanes, the second half in the odd ones, as <see cref="InOrder"/> needs them.
    /// </summary>
    static abstract TVector Counters(ulong first);

    /// <summary>Lane by lane a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Lane by lane the 64-bit product of the lower halves.</summary>
    static abstract TVector Product(TVector a, TVector b);

    /// <summary>Lane by lane a &gt;&gt; 32: the upper half.</summary>
    static abstract TVector Upper(TVector a);

    /// <summary>Lane by lane a ^ b.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Lane by lane a ^ b ^ c.</summary>
    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>
    /// The words in the order of the stream, from a register for each of words 0 to 3: first the blocks of the even
    /// lanes, then those of the odd ones.
    /// </summary>
    static abstract (TVector First, TVector Second) InOrder(TVector word0, TVector word1, TVector word2, TVector word3);

    /// <summary>
    /// The lower and the upper 16 bits of each 32-bit word, as integers in [−2¹⁵, 2¹⁵ − 1], times 2¹⁶, as floats.
    /// </summary>
    static abstract (TVector Lower, TVector Upper) Halves(TVector words);

    /// <summary>The upper 24 bits of each 32-bit word as a float: an integer in [0, 2²⁴ − 1].</summary>
    static abstract TVector Upper24(TVector words);
}
