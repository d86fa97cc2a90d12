using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The time that no float product can beat: multiply-adds in registers, on enough independent sums to hide their
/// latency. They use the widest registers of the machine, or single floats if it has none.
/// </summary>
internal static class FmaRoofline
{
    private const int Chains = 12;

    /// <summary>
    /// Does at least this many multiply-adds, lane by lane, and returns a value that depends on them all.
    /// </summary>
    public static float Run(long multiplyAdds)
    {
        if (Vector512.IsHardwareAccelerated) return Run<Vector512<float>, Lanes512>(multiplyAdds);
        if (Vector256.IsHardwareAccelerated) return Run<Vector256<float>, Lanes256>(multiplyAdds);
        if (Vector128.IsHardwareAccelerated) return Run<Vector128<float>, Lanes128>(multiplyAdds);
        return RunScalar(multiplyAdds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run<TVector, TLanes>(long multiplyAdds)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        long iterations = (multiplyAdds + Chains * TLanes.Count - 1) / (Chains * TLanes.Count);
        TVector m = TLanes.Create(0.999f), c = TLanes.Create(0.001f);
        TVector s0 = c, s1 = c, s2 = c, s3 = c, s4 = c, s5 = c, s6 = c, s7 = c, s8 = c, s9 = c, s10 = c, s11 = c;
        for (long i = 0; i < iterations; i++)
        {
            s0 = TLanes.MultiplyAdd(s0, m, c);
            s1 = TLanes.MultiplyAdd(s1, m, c);
            s2 = TLanes.MultiplyAdd(s2, m, c);
            s3 = TLanes.MultiplyAdd(s3, m, c);
            s4 = TLanes.MultiplyAdd(s4, m, c);
            s5 = TLanes.MultiplyAdd(s5, m, c);
            s6 = TLanes.MultiplyAdd(s6, m, c);
            s7 = TLanes.MultiplyAdd(s7, m, c);
            s8 = TLanes.MultiplyAdd(s8, m, c);
            s9 = TLanes.MultiplyAdd(s9, m, c);
            s10 = TLanes.MultiplyAdd(s10, m, c);
            s11 = TLanes.MultiplyAdd(s11, m, c);
        }

        TVector first = TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3));
        TVector second = TLanes.Add(TLanes.Add(s4, s5), TLanes.Add(s6, s7));
        TVector third = TLanes.Add(TLanes.Add(s8, s9), TLanes.Add(s10, s11));
        return TLanes.Sum(TLanes.Add(TLanes.Add(first, second), third));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float RunScalar(long multiplyAdds)
    {
        long iterations = (multiplyAdds + Chains - 1) / Chains;
        float m = 0.999f, c = 0.001f;
        float s0 = c, s1 = c, s2 = c, s3 = c, s4 = c, s5 = c, s6 = c, s7 = c, s8 = c, s9 = c, s10 = c, s11 = c;
        for (long i = 0; i < iterations; i++)
        {
            s0 = s0 * m + c;
            s1 = s1 * m + c;
            s2 = s2 * m + c;
            s3 = s3 * m + c;
            s4 = s4 * m + c;
            s5 = s5 * m + c;
            s6 = s6 * m + c;
            s7 = s7 * m + c;
            s8 = s8 * m + c;
            s9 = s9 * m + c;
            s10 = s10 * m + c;
            s11 = s11 * m + c;
        }

        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
    }
}
