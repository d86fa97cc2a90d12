using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Kernels.SignGemm;

/// <summary>
/// Sum tables: the 16 sums (±x₀ ± x₁) + (±x₂ ± x₃) of each group of four inputs. Entry i has +x_b where bit b of i is
/// set, so that four packed signs are the index of their sum.
/// </summary>
/// <remarks>
/// Lanes are entries of a table, computed by products of a broadcast input with vectors of ±1. These products are
/// exact, so that fused multiply-adds round as the scalar form does. No masks: an incomplete group takes the scalar
/// form.
/// </remarks>
internal static class SumTables
{
    /// <summary>The inputs of a group.</summary>
    public const int GroupInputs = 4;

    /// <summary>The sums of a group.</summary>
    public const int Entries = 16;

    // The sign of each input in each entry: [inputs, entries].
    private static ReadOnlySpan<float> InputSigns =>
    [
        -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1,
        -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1,
        -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1,
        -1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1,
    ];

    /// <summary>
    /// Effectively computes tables[g · stride + i] = Σ_b ±x[4g + b] for <paramref name="groups"/> groups, in the order
    /// above. Inputs past the end of x count as 0. Floats between the groups are left alone.
    /// </summary>
    public static void BuildScalar(ReadOnlySpan<float> x, int groups, Span<float> tables, int stride)
    {
        for (int g = 0; g < groups; g++)
        {
            for (int i = 0; i < Entries; i++)
                tables[g * stride + i] = Term(x, g, 0, i) + Term(x, g, 1, i) + (Term(x, g, 2, i) + Term(x, g, 3, i));
        }
    }

    public static void Build<TVector, TLanes>(ReadOnlySpan<float> x, int groups, Span<float> tables, int stride)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        ref float source = ref MemoryMarshal.GetReference(x), target = ref MemoryMarshal.GetReference(tables);
        ref float signs = ref MemoryMarshal.GetReference(InputSigns);
        int whole = x.Length / GroupInputs;
        for (int lane = 0; lane < Entries; lane += TLanes.Count)
        {
            TVector s0 = TLanes.Load(ref signs, (nuint)lane), s1 = TLanes.Load(ref signs, (nuint)(lane + Entries));
            TVector s2 = TLanes.Load(ref signs, (nuint)(lane + 2 * Entries));
            TVector s3 = TLanes.Load(ref signs, (nuint)(lane + 3 * Entries));
            ref float input = ref source;
            nuint place = (nuint)lane;
            for (int g = 0; g < whole; g++)
            {
                TVector low = TLanes.Multiply(TLanes.Create(input), s0);
                low = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref input, 1)), s1, low);
                TVector high = TLanes.Multiply(TLanes.Create(Unsafe.Add(ref input, 2)), s2);
                high = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref input, 3)), s3, high);
                TLanes.Store(TLanes.Add(low, high), ref target, place);
                input = ref Unsafe.Add(ref input, GroupInputs);
                place += (nuint)stride;
            }
        }

        if (whole * GroupInputs < x.Length) BuildScalar(x[(whole * GroupInputs)..], 1, tables[(whole * stride)..], stride);
        for (int g = (x.Length + GroupInputs - 1) / GroupInputs; g < groups; g++) tables.Slice(g * stride, Entries).Clear();
    }

    private static float Term(ReadOnlySpan<float> x, int group, int input, int entry)
    {
        int k = group * GroupInputs + input;
        float value = k < x.Length ? x[k] : 0;
        return (entry >> input & 1) != 0 ? value : -value;
    }
}
