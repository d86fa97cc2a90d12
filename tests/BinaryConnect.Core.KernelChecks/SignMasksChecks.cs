using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>The bits that sign packing gives for a register, with every edge value in every lane.</summary>
internal static class SignMasksChecks
{
    private const int Length = SignLayout.WordInputs;
    private static readonly Form[] Forms = [Form.Lanes128, Form.Lanes256, Form.Lanes512];
    private static readonly GuardedMemory<float> Weights = new(Length);
    private static readonly GuardedMemory<uint> Words = new(Length);

    private static readonly float[] Edges =
    [
        -1, 0, -0f, 1, float.NaN, -float.NaN, float.Epsilon, -float.Epsilon, float.PositiveInfinity, float.NegativeInfinity,
        float.MinValue,
    ];

    public static void Run(Report report)
    {
        report.Kernel("SignMasks.NegativeWord", Forms, (form, side) => form switch
        {
            Form.Lanes128 => NegativeWord<Vector128<uint>, SignMasks128>(side),
            Form.Lanes256 => NegativeWord<Vector256<uint>, SignMasks256>(side),
            _ => NegativeWord<Vector512<uint>, SignMasks512>(side),
        });
        report.Kernel("SignMasks.PushNegative", Forms, (form, side) => form switch
        {
            Form.Lanes128 => PushNegative<Vector128<uint>, SignMasks128>(side),
            Form.Lanes256 => PushNegative<Vector256<uint>, SignMasks256>(side),
            _ => PushNegative<Vector512<uint>, SignMasks512>(side),
        });
    }

    private static string? NegativeWord<TVector, TMasks>(Side side)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        string? fault = null;
        for (int shift = 0; shift < Edges.Length; shift++)
        {
            Span<float> weights = Take(Length, shift, side);
            uint expected = 0, actual = TMasks.NegativeWord(in weights[0]);
            for (int k = 0; k < Length; k++) expected |= (weights[k] < 0 ? 1u : 0) << k;
            if (actual != expected) fault ??= $"shift {shift}: {actual:X8} for {expected:X8}";
        }

        return fault;
    }

    // After 32 pushes and one store, each lane holds the signs of 32 weights, the first in the lowest bit: 1 unless
    // below 0.
    private static string? PushNegative<TVector, TMasks>(Side side)
        where TVector : struct
        where TMasks : struct, ISignMasks<TVector>
    {
        TVector words = default;
        uint[] expected = new uint[TMasks.Count];
        for (int push = 0; push < Length; push++)
        {
            Span<float> weights = Take(TMasks.Count, push, side);
            words = TMasks.PushNegative(words, in weights[0], 0);
            for (int lane = 0; lane < TMasks.Count; lane++) expected[lane] |= (weights[lane] < 0 ? 0u : 1) << push;
        }

        Span<uint> stored = Words.Take(TMasks.Count, side);
        TMasks.StoreInverted(words, 0, ref stored[0], 0);
        return stored.SequenceEqual(expected) ? null : $"{string.Join(' ', stored.ToArray())} for {string.Join(' ', expected)}";
    }

    private static Span<float> Take(int length, int shift, Side side)
    {
        Span<float> weights = Weights.Take(length, side);
        for (int k = 0; k < length; k++) weights[k] = Edges[(k + shift) % Edges.Length];
        return weights;
    }
}
