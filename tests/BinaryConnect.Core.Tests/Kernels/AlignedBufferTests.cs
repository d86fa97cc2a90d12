using System.Buffers;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Kernels;

internal sealed class AlignedBufferTests
{
    [Test]
    public unsafe void Memory_starts_at_a_cache_line_has_its_length_and_is_zero([Values(0, 1, 10, 784, 7840)] int length)
    {
        for (int i = 0; i < 20; i++)
        {
            Memory<float> buffer = AlignedBuffer.Allocate(length);
            using MemoryHandle handle = buffer.Pin();

            Assert.That((long)handle.Pointer % AlignedBuffer.Alignment, Is.Zero);
            Assert.That(buffer.ToArray(), Is.EqualTo(new float[length]));
        }
    }
}
