using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.ByteSignGemm;

/// <summary>The operations on one register of bytes that the product of bytes and signs is written in.</summary>
/// <typeparam name="TBytes">A register of bytes, as the form multiplies them.</typeparam>
/// <typeparam name="TSums">A register of sums of 16 or 32 bits, each of as many bytes as it is long.</typeparam>
internal interface IByteLanes<TBytes, TSums>
    where TBytes : struct
    where TSums : struct
{
    /// <summary>How many bytes a register holds; divides <see cref="ByteSignGemm.Block"/>.</summary>
    static abstract int Count { get; }

    /// <summary>The bytes from <paramref name="offset"/> on.</summary>
    static abstract TBytes Load(ref readonly byte source, nuint offset);

    /// <summary>sums + Σ of byte · sign over a lane's bytes, in each lane; a call moves a sum of 16 bits by at most 510.</summary>
    static abstract TSums MultiplyAdd(TBytes bytes, ref readonly sbyte signs, nuint offset, TSums sums);

    /// <summary>Four lanes whose sum is that of all lanes.</summary>
    static abstract Vector128<int> Fold(TSums sums);

    /// <summary>The sums of all lanes of four registers.</summary>
    static abstract Vector128<int> SumFour(TSums a, TSums b, TSums c, TSums d);
}
