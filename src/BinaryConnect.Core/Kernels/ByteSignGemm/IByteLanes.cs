using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>The operations on one register of bytes in which <see cref="ByteSignGemm"/> is written.</summary>
/// <typeparam name="TBytes">A register of bytes, in the type that the form multiplies.</typeparam>
/// <typeparam name="TSums">A register of 16-bit sums of two bytes each, or 32-bit sums of four.</typeparam>
internal interface IByteLanes<TBytes, TSums>
    where TBytes : struct
    where TSums : struct
{
    /// <summary>The bytes of a register; divides <see cref="ByteSignGemm.Block"/>.</summary>
    static abstract int Count { get; }

    /// <summary>The bytes from <paramref name="offset"/> on.</summary>
    static abstract TBytes Load(ref readonly byte source, nuint offset);

    /// <summary>
    /// Lane by lane sums + Σ byte · sign over the lane's bytes. A call changes a 16-bit sum by at most 510.
    /// </summary>
    static abstract TSums MultiplyAdd(TBytes bytes, ref readonly sbyte signs, nuint offset, TSums sums);

    /// <summary>Reduces to four lanes with the same sum.</summary>
    static abstract Vector128<int> Fold(TSums sums);

    /// <summary>The horizontal sums of four registers: [Σ a, Σ b, Σ c, Σ d].</summary>
    static abstract Vector128<int> SumFour(TSums a, TSums b, TSums c, TSums d);
}
