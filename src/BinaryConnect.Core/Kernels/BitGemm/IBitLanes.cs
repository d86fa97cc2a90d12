namespace BinaryConnect.Kernels.BitGemm;

/// <summary>
/// The operations on one register of counts in which <see cref="BitGemm"/> is written. A lane counts, for one output,
/// the inputs that differ from its signs.
/// </summary>
/// <typeparam name="TCounts">The register of 8-bit counts.</typeparam>
/// <typeparam name="TSigns">The signs of one group for all outputs of a register.</typeparam>
/// <typeparam name="TInputs">One group of inputs, in the form that meets the signs.</typeparam>
internal unsafe interface IBitLanes<TCounts, TSigns, TInputs>
    where TCounts : struct
    where TSigns : struct
    where TInputs : struct
{
    /// <summary>The outputs of a register.</summary>
    static abstract int Count { get; }

    /// <summary>The registers of outputs that four rows share: 4 or 2, which leaves room for the signs.</summary>
    static abstract int Columns { get; }

    /// <summary>One byte for each output.</summary>
    static abstract TSigns LoadSigns(byte* signs);

    /// <summary>One byte of a row; the tables are those of <see cref="BitTables"/>.</summary>
    static abstract TInputs LoadInputs(byte* tables, byte group);

    /// <summary>Adds popcount(signs xor inputs) of each output.</summary>
    static abstract TCounts AddDifferences(TCounts counts, TSigns signs, TInputs inputs);

    /// <summary>Widens the counts to 16 bits, and stores them, or adds them to those there.</summary>
    static abstract void Put(TCounts counts, ushort* sums, bool adds);
}
