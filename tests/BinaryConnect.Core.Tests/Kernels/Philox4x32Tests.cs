using BinaryConnect.Kernels.Random;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class Philox4x32Tests
{
    // Published with Random123, the authors' library (kat_vectors: philox4x32 10).
    [TestCase(0UL, 0UL, 0UL, 0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)]
    [TestCase(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)]
    [TestCase(
        0x85A308D3_243F6A88UL, 0x03707344_13198A2EUL, 0x299F31D0_A4093822UL, 0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u)]
    public void Blocks_are_those_its_authors_published(ulong index, ulong stream, ulong seed, uint r0, uint r1, uint r2, uint r3)
    {
        Assert.That(Philox4x32.Block(index, stream, seed), Is.EqualTo((r0, r1, r2, r3)));
        Assert.That(Philox4x32.BlockLength, Is.EqualTo(4));
    }

    // The same file: philox4x32 7.
    [TestCase(0UL, 0UL, 0UL, 0x5F6FB709u, 0x0D893F64u, 0x4F121F81u, 0x4F730A48u)]
    [TestCase(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x5207DDC2u, 0x45165E59u, 0x4D8EE751u, 0x8C52F662u)]
    [TestCase(
        0x85A308D3_243F6A88UL, 0x03707344_13198A2EUL, 0x299F31D0_A4093822UL, 0x4DFCCABAu, 0x190A87F0u, 0xC47362BAu, 0xB6B5242Au)]
    public void Blocks_of_fewer_rounds_are_those_its_authors_published(
        ulong index, ulong stream, ulong seed, uint r0, uint r1, uint r2, uint r3) =>
        Assert.That(Philox4x32.Block(index, stream, seed, Philox4x32.FastRounds), Is.EqualTo((r0, r1, r2, r3)));

    [Test]
    public void Uniform_is_the_upper_24_bits_of_each_word_in_order_at_every_length(
        [Values] Form form, [Values(0UL, 0xFFFFFFFEUL, 0xFFFFFFF0UL, ulong.MaxValue - 5)] ulong first)
    {
        const ulong Stream = 0x89ABCDEF_01234567, Seed = 0xFEDCBA98_76543210;
        for (int length = 0; length <= 256; length++)
        {
            var destination = new FencedBuffer(length);

            Philox4x32Forms.Uniform(form, first, Stream, Seed, destination);

            for (int i = 0; i < length; i++)
            {
                (uint r0, uint r1, uint r2, uint r3) = Philox4x32.Block(unchecked(first + (ulong)(i / 4)), Stream, Seed);
                uint word = (i % 4) switch { 0 => r0, 1 => r1, 2 => r2, _ => r3 };
                if (destination.Span[i] != Math.ScaleB(word >> 8, -24))
                    Assert.Fail($"{i} of {length}: {destination.Span[i]} for {word:X8}");
            }

            destination.AssertFencesStand($"length {length}");
        }
    }

    [Test]
    public void Words_are_those_of_the_blocks_in_order(
        [Values] Form form, [Values(0, 1, 5, 31, 32, 127, 128, 129, 300)] int length)
    {
        const ulong First = 0xFFFFFFF0, Stream = 7, Seed = 9;
        uint[] words = new uint[length];

        Philox4x32Forms.Words(form, First, Stream, Seed, words);

        for (int i = 0; i < length; i++)
        {
            (uint r0, uint r1, uint r2, uint r3) = Philox4x32.Block(First + (ulong)i / 4, Stream, Seed);
            Assert.That(words[i], Is.EqualTo(new[] { r0, r1, r2, r3 }[i % 4]), $"word {i}");
        }
    }

    [TestCase(4)]
    [TestCase(64)]
    [TestCase(100)]
    public void Uniform_gives_the_same_numbers_in_parts_as_at_once(int length)
    {
        float[] whole = new float[1_003], parts = new float[1_003];
        Philox4x32.Uniform(5, stream: 1, seed: 2, whole);

        for (int start = 0; start < parts.Length; start += length)
        {
            Philox4x32.Uniform(
                5 + (ulong)(start / 4), stream: 1, seed: 2, parts.AsSpan(start, Math.Min(length, parts.Length - start)));
        }

        Assert.That(parts, Is.EqualTo(whole));
    }

    // A million numbers: five standard errors of the mean (√(1/12 / n)) and of the variance (√(1/180 / n)).
    [Test]
    public void Uniform_lies_in_0_to_1_with_the_mean_and_variance_of_a_uniform_number()
    {
        const int Length = 1_000_000;
        float[] numbers = new float[Length];

        Philox4x32.Uniform(0, stream: 3, seed: 1234, numbers);

        double mean = numbers.Average(number => (double)number);
        double variance = numbers.Average(number => (number - mean) * (number - mean));
        Assert.That(numbers.Min(), Is.GreaterThanOrEqualTo(0f));
        Assert.That(numbers.Max(), Is.LessThan(1f));
        Assert.That(mean, Is.EqualTo(0.5).Within(5 * Math.Sqrt(1.0 / 12 / Length)));
        Assert.That(variance, Is.EqualTo(1.0 / 12).Within(5 * Math.Sqrt(1.0 / 180 / Length)));
    }

    [Test]
    public void Each_purpose_has_2_to_the_56_streams_of_its_own()
    {
        ulong[] purposes = [RandomStream.Initialization, RandomStream.Shuffle, RandomStream.Binarization];

        Assert.That(purposes, Is.Unique);
        Assert.That(purposes.Select(purpose => purpose & ((1UL << 56) - 1)), Is.All.Zero);
    }
}
