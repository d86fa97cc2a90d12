using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.Elementwise;

/// <summary>
/// An optimizer's update, the weight clip and the counts of changes in one pass, which reads and writes memory once.
/// </summary>
/// <remarks>
/// A register of values takes the rule, the clamp, and a bit count of sign differences. No masks: the last, incomplete
/// register is left to the scalar form, which starts where the registers end.
/// </remarks>
internal static class LatentUpdate
{
    // A float lane sums this many terms, with a relative error below 2⁻¹⁸. Beyond them the sum goes on in double.
    private const int LaneAdditions = 64;

    /// <summary>
    /// Effectively computes, for each i, before[i] = values[i] and values[i] = clamp(rule(values[i]), −bound, bound).
    /// NaN stays NaN. <paramref name="before"/> may be <paramref name="values"/> where no copy is needed.
    /// </summary>
    /// <returns>How many signs changed (0 and −0 are positive), and Σ |values[i] − before[i]|.</returns>
    public static (int Flips, double L1) Run<TRule>(in TRule rule, Span<float> values, Span<float> before, float bound)
        where TRule : struct, IUpdateRule, allows ref struct
    {
        if (Vector512.IsHardwareAccelerated) return Run<TRule, Vector512<float>, Lanes512>(rule, values, before, bound);
        if (Vector256.IsHardwareAccelerated) return Run<TRule, Vector256<float>, Lanes256>(rule, values, before, bound);
        if (Vector128.IsHardwareAccelerated) return Run<TRule, Vector128<float>, Lanes128>(rule, values, before, bound);
        return RunScalar(rule, values, before, bound);
    }

    /// <summary>
    /// The definition of <see cref="Run{TRule}(in TRule, Span{float}, Span{float}, float)"/>, from
    /// <paramref name="start"/> on.
    /// </summary>
    public static (int Flips, double L1) RunScalar<TRule>(
        in TRule rule, Span<float> values, Span<float> before, float bound, int start = 0)
        where TRule : struct, IUpdateRule, allows ref struct
    {
        int flips = 0;
        double l1 = 0;
        for (int i = start; i < values.Length; i++)
        {
            float old = values[i], now = Math.Clamp(rule.Next(i, old), -bound, bound);
            before[i] = old;
            values[i] = now;
            if (old < 0 != now < 0) flips++;
            l1 += Math.Abs(now - old);
        }

        return (flips, l1);
    }

    public static (int Flips, double L1) Run<TRule, TVector, TLanes>(
        in TRule rule, Span<float> values, Span<float> before, float bound)
        where TRule : struct, IUpdateRule, allows ref struct
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        // The JIT keeps the fields of a local copy in registers.
        TRule next = rule;
        ref float latent = ref MemoryMarshal.GetReference(values), kept = ref MemoryMarshal.GetReference(before);
        TVector low = TLanes.Create(-bound), high = TLanes.Create(bound);
        int flips = 0, i = 0, whole = values.Length - values.Length % TLanes.Count;
        double l1 = 0;
        while (i < whole)
        {
            int end = Math.Min(i + LaneAdditions * TLanes.Count, whole);
            TVector sum = TLanes.Create(0);
            for (; i < end; i += TLanes.Count)
            {
                TVector old = TLanes.Load(ref latent, (nuint)i);
                TVector now = TLanes.Clamp(next.Next<TVector, TLanes>((nuint)i, old), low, high);
                TLanes.Store(old, ref kept, (nuint)i);
                TLanes.Store(now, ref latent, (nuint)i);
                flips += TLanes.CountSignDifferences(old, now);
                sum = TLanes.Add(sum, TLanes.Absolute(TLanes.Subtract(now, old)));
            }

            l1 += TLanes.Sum(sum);
        }

        (int tailFlips, double tailL1) = RunScalar(rule, values, before, bound, whole);
        return (flips + tailFlips, l1 + tailL1);
    }
}
