using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Random;

/// <summary>
/// The operations on one register of 64-bit lanes that <see cref="Philox4x32"/> is written in: a lane carries one word of
/// one block in its lower half, and the upper half is whatever a product left there, which no later product looks at.
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
    /// The numbers of <see cref="Count"/> consecutive blocks from <paramref name="first"/> on: the first half of them in the
    /// even lanes, the other half in the odd ones, from where <see cref="InOrder"/> takes them.
    /// </summary>
    static abstract TVector Counters(ulong first);

    /// <summary>Lane by lane a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Lane by lane the 64-bit product of the lower halves.</summary>
    static abstract TVector Product(TVector a, TVector b);

    /// <summary>Lane by lane a's upper half, brought down.</summary>
    static abstract TVector Upper(TVector a);

    /// <summary>Lane by lane a ^ b.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Lane by lane a ^ b ^ c.</summary>
    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>Words 0 to 3 of every block, given apart, as the stream has them: the first half of the blocks, and the other half.</summary>
    static abstract (TVector First, TVector Second) InOrder(TVector word0, TVector word1, TVector word2, TVector word3);

    /// <summary>2¹⁶ times the lower and the upper 16 bits of each 32-bit word as floats, the bits being whole numbers from −2¹⁵ to 2¹⁵ − 1.</summary>
    static abstract (TVector Lower, TVector Upper) Halves(TVector words);

    /// <summary>The upper 24 bits of each 32-bit word as a float: whole, from 0 to 2²⁴ − 1.</summary>
    static abstract TVector Upper24(TVector words);
}
