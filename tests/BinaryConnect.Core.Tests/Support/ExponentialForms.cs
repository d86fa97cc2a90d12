using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Kernels.Softmax;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// The exponential of differences in the registers that a test names, one register of values at a time.
/// </summary>
internal static class ExponentialForms
{
    public static void OfDifferences(Form form, Span<float> values)
    {
        switch (form)
        {
            case Form.Lanes128: OfDifferences<Vector128<float>, Lanes128>(values); break;
            case Form.Lanes256: OfDifferences<Vector256<float>, Lanes256>(values); break;
            case Form.Lanes512: OfDifferences<Vector512<float>, Lanes512>(values); break;
            default: foreach (ref float value in values) value = Exponential.OfDifference(value); break;
        }
    }

    private static void OfDifferences<TVector, TLanes>(Span<float> values)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (int i = 0; i < values.Length; i += TLanes.Count)
        {
            Span<float> some = values.Slice(i, TLanes.Count);
            TLanes.Store(Exponential.OfDifference<TVector, TLanes>(TLanes.Load(ref some[0], 0)), ref some[0], 0);
        }
    }
}
