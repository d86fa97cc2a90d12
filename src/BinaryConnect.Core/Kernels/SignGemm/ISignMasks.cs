namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// The operations on one register in which <see cref="SignPacking"/> is written. Loops are written once, and the JIT
/// makes each width.
/// </summary>
/// <typeparam name="TVector">The register, of 32-bit words: <c>Vector512&lt;uint&gt;</c> or a narrower one.</typeparam>
internal interface ISignMasks<TVector>
    where TVector : struct
{
    /// <summary>The floats of a register.</summary>
    static abstract int Count { get; }

    /// <summary>The signs of 32 floats: bit i is set where source[i] is below 0.</summary>
    static abstract uint NegativeWord(ref readonly float source);

    /// <summary>
    /// Lane by lane words &gt;&gt; 1, with the highest bit set where source[offset + lane] is below 0.
    /// </summary>
    static abstract TVector PushNegative(TVector words, ref readonly float source, nuint offset);

    /// <summary>Writes ~words &gt;&gt; <paramref name="shift"/> of every lane.</summary>
    static abstract void StoreInverted(TVector words, int shift, ref uint destination, nuint offset);
}
