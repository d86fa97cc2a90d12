using System.Runtime.Intrinsics;

namespace BinaryConnect.Kernels.Simd;

/// <summary>
/// The operations on one register of floats in which kernels are written. A loop is written once, and the JIT makes its
/// 512-, 256- and 128-bit forms.
/// </summary>
/// <typeparam name="TVector">
/// The register: <c>Vector512&lt;float&gt;</c>, <c>Vector256&lt;float&gt;</c> or <c>Vector128&lt;float&gt;</c>.
/// </typeparam>
internal interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>How many floats a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>A register with <paramref name="value"/> in every lane.</summary>
    static abstract TVector Create(float value);

    /// <summary>The floats from <paramref name="offset"/> on.</summary>
    static abstract TVector Load(ref readonly float source, nuint offset);

    /// <summary>The bytes from <paramref name="offset"/> on, one a lane, as floats.</summary>
    static abstract TVector LoadBytes(ref readonly byte source, nuint offset);

    /// <summary>Writes every lane, from <paramref name="offset"/> on.</summary>
    static abstract void Store(TVector value, ref float destination, nuint offset);

    /// <summary>Lane by lane a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Lane by lane a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>Lane by lane a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>Lane by lane a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>Lane by lane a · b + c, rounded once where the machine has a fused instruction.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>Lane by lane √a.</summary>
    static abstract TVector SquareRoot(TVector a);

    /// <summary>Lane by lane |a|.</summary>
    static abstract TVector Absolute(TVector a);

    /// <summary>Lane by lane the larger; either of the two where one is NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Lane by lane min(max(a, low), high); NaN stays NaN.</summary>
    static abstract TVector Clamp(TVector a, TVector low, TVector high);

    /// <summary>Lane by lane a &lt; 0 ? negative : other. −0 and NaN are not below 0.</summary>
    static abstract TVector SelectNegative(TVector a, TVector negative, TVector other);

    /// <summary>Lane by lane the one whose bits, taken as a signed integer, are less.</summary>
    static abstract TVector MinBits(TVector a, TVector b);

    /// <summary>Whether in any lane the bits of a, taken as a signed integer, are less than those of b.</summary>
    static abstract bool AnyBitsBelow(TVector a, TVector b);

    /// <summary>
    /// Lane by lane the lowest nine bits, as sign and exponent of a float: 2ⁿ where they hold n + 127.
    /// </summary>
    static abstract TVector LowBitsToExponent(TVector a);

    /// <summary>In how many lanes exactly one of a and b is below 0.</summary>
    static abstract int CountSignDifferences(TVector a, TVector b);

    /// <summary>Reduces to four lanes with the same sum.</summary>
    static abstract Vector128<float> Fold(TVector a);

    /// <summary>The horizontal sum: Σ of all lanes.</summary>
    static abstract float Sum(TVector a);

    /// <summary>The horizontal sums of four registers: [Σ a, Σ b, Σ c, Σ d].</summary>
    static abstract Vector128<float> SumFour(TVector a, TVector b, TVector c, TVector d);
}
