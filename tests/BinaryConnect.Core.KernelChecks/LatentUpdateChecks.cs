using BinaryConnect.Optimizers;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class LatentUpdateChecks
{
    private const float Rate = 0.3f, Momentum = 0.9f, Bound = 0.8f;

    // Inputs are at most 1 in magnitude. With or without fused instructions, a result is within some five roundings of
    // 2⁻²⁴.
    private const float Tolerance = 1e-6f;

    private static readonly AdamCoefficients Coefficients = new(
        Rate: 0.03f,
        KeptMean: 0.9f,
        NewMean: 0.1f,
        KeptVariance: 0.75f,
        NewVariance: 0.25f,
        VarianceCorrection: 1.7f,
        Epsilon: 0.05f);

    private static readonly GuardedMemory<float> Values = new(256), Before = new(256), Gradient = new(256);
    private static readonly GuardedMemory<float> Mean = new(256), Variance = new(256);

    public static void Run(Report report)
    {
        report.Kernel("LatentUpdate.Run, descent", (form, side) => EveryLength(
            form, side, (form, v, b, g, _, _) => LatentUpdateForms.Run(form, new DescentRule(g, Rate), v, b, Bound)));
        report.Kernel(
            "LatentUpdate.Run, Nesterov",
            (form, side) => EveryLength(
                form, side,
                (form, v, b, g, m, _) => LatentUpdateForms.Run(form, new NesterovRule(g, m, Rate, Momentum), v, b, Bound)));
        Adam<IncrementalAverage, IncrementalAverage>(report);
        Adam<IncrementalAverage, WeightedAverage>(report);
        Adam<WeightedAverage, IncrementalAverage>(report);
        Adam<WeightedAverage, WeightedAverage>(report);
    }

    private static void Adam<TMean, TVariance>(Report report)
        where TMean : struct, IRunningAverage
        where TVariance : struct, IRunningAverage =>
        report.Kernel(
            $"LatentUpdate.Run, Adam, {typeof(TMean).Name} and {typeof(TVariance).Name}",
            (form, side) => EveryLength(form, side, (form, v, b, g, m, s) =>
                LatentUpdateForms.Run(form, new AdamRule<TMean, TVariance>(g, m, s, Coefficients), v, b, Bound)));

    private delegate (int Flips, double L1) Update(
        Form form, Span<float> values, Span<float> before, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance);

    private static string? EveryLength(Form form, Side side, Update update)
    {
        string? fault = null;
        for (int length = 0; length <= 256; length++)
        {
            float[] values = KernelInputs.Uniform(length, seed: 1), before = new float[length];
            float[] gradient = KernelInputs.Uniform(length, seed: 2);
            float[] mean = KernelInputs.Uniform(length, seed: 3);
            float[] variance = Array.ConvertAll(KernelInputs.Uniform(length, seed: 4), Math.Abs);
            Span<float> newValues = Values.Take(values, side), newBefore = Before.Take(length, side);
            Span<float> newMean = Mean.Take(mean, side), newVariance = Variance.Take(variance, side);
            (int flips, double l1) = update(form, newValues, newBefore, Gradient.Take(gradient, side), newMean, newVariance);
            (int expectedFlips, double expectedL1) = update(Form.Scalar, values, before, gradient, mean, variance);
            fault ??= Compare.Near(newValues, values, Tolerance, $"values of {length}")
                ?? Compare.Near(newBefore, before, 0, $"values before, of {length}")
                ?? Compare.Near(newMean, mean, Tolerance, $"mean of {length}")
                ?? Compare.Near(newVariance, variance, Tolerance, $"variance of {length}")
                ?? Compare.Near([flips, (float)l1], [expectedFlips, (float)expectedL1], 1e-4f, $"flips and change of {length}");
        }

        return fault;
    }
}
