using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Kernels;

internal sealed class PrefetchTests
{
    [Test]
    public void Asking_for_memory_changes_nothing([Values(0, 1, 63, 64, 65, 784)] int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)i)], before = [.. bytes];

        Prefetch.Read(bytes);

        Assert.That(bytes, Is.EqualTo(before));
    }
}
