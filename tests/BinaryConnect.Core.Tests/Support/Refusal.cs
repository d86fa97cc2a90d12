using NUnit.Framework.Constraints;

namespace BinaryConnect.Tests.Support;

/// <summary>Asserts that sizes are refused before memory is taken for them.</summary>
internal static class Refusal
{
    private const long FlushToZero = 1 << 20;

    /// <summary>
    /// Asserts that the action throws as given, and that the thread allocated less than a megabyte until then.
    /// </summary>
    public static void TakesNoMemory(Action action, IResolveConstraint expected)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(action.Invoke, expected);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(FlushToZero));
    }
}
