using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class SumTablesTests
{
    [Test]
    public void Every_entry_is_the_sum_that_its_bits_tell(
        [Values(16, 64)] int stride, [ValueSource(typeof(SumTablesForms), nameof(SumTablesForms.All))] Form form)
    {
        for (int length = 1; length <= 70; length++)
        {
            float[] x = KernelInputs.Uniform(length, seed: length);
            int groups = (length + 31) / 32 * 8;
            var tables = new FencedBuffer((groups - 1) * stride + 16);

            SumTablesForms.Build(form, new FencedBuffer(x), groups, tables, stride);

            for (int i = 0; i < tables.Span.Length; i++)
            {
                int group = i / stride, entry = i % stride;
                float expected = entry < 16 ? Term(0) + Term(1) + (Term(2) + Term(3)) : float.NaN;
                if (!tables.Span[i].Equals(expected))
                    Assert.Fail($"length {length}, group {group}, entry {entry}: {tables.Span[i]} for {expected}");

                float Term(int b)
                {
                    float value = group * 4 + b < length ? x[group * 4 + b] : 0;
                    return (entry >> b & 1) == 1 ? value : -value;
                }
            }

            tables.AssertFencesStand($"length {length}");
        }
    }
}
