namespace BinaryConnect.Kernels.SignGemm;

/// <summary>What sign packing asks of one register of floats, so that its loops stand once and the JIT makes each width.</summary>
/// <typeparam name="TVector">The register, of 32-bit words: <c>Vector512&lt;uint&gt;</c> or a narrower one.</typeparam>
internal interface ISignMasks<TVector>
    where TVector : struct
{
    /// <summary>How many floats a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>Of 32 floats: the lowest bit is set where the first is below 0, and so on.</summary>
    static abstract uint NegativeWord(ref readonly float source);

    /// <summary>Moves every word down by a bit, and sets its highest where the float of its lane is below 0.</summary>
    static abstract TVector PushNegative(TVector words, ref readonly float source, nuint offset);

    /// <summary>Writes the words, inverted and then moved down by <paramref name="shift"/> bits.</summary>
    static abstract void StoreInverted(TVector words, int shift, ref uint destination, nuint offset);
}
