using BinaryConnect.Losses;
using BinaryConnect.Settings;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// Losses that a test gives, one call after the other: of training steps and of evaluations. Its gradient is zero. It
/// describes itself, so that a checkpoint takes no sample of it.
/// </summary>
internal sealed class StubLoss(Func<double>? train = null, Func<double>? evaluate = null) : ILoss, IDescribable
{
    public string Kind => "stub";

    public void Describe(SettingsWriter to)
    {
    }

    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) => evaluate?.Invoke() ?? 1;

    public double Compute(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> logitsGradient)
    {
        logitsGradient.Clear();
        return train?.Invoke() ?? 1;
    }
}
