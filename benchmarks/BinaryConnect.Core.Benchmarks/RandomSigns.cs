using BenchmarkDotNet.Attributes;
using BinaryConnect.Binarization;
using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Benchmarks;

/// <summary>The cost of a million random signs, with the signs of the weights as the baseline.</summary>
[MemoryDiagnoser]
public class RandomSigns
{
    private const int Length = 1_000_000;

    private readonly DeterministicBinarizer _deterministic = new();
    private readonly StochasticBinarizer _stochastic = new(seed: 1);
    private readonly Memory<float> _weights = AlignedBuffer.Allocate(Length);
    private readonly Memory<float> _signs = AlignedBuffer.Allocate(Length);

    [GlobalSetup]
    public void Setup()
    {
        Span<float> weights = _weights.Span;
        Philox4x32.Uniform(0, 0, 1, weights);
        for (int i = 0; i < weights.Length; i++) weights[i] = 2 * weights[i] - 1;

        ulong draw = (ulong)_stochastic.Draws;
        Stochastic();
        float[] expected = new float[Length];
        StochasticSigns.BinarizeScalar(weights, 1, first: 0, draw, seed: 1, expected);
        if (!_signs.Span.SequenceEqual(expected))
            throw new InvalidOperationException("The random signs are not those of the scalar form.");
    }

    [Benchmark(Baseline = true)]
    public void Deterministic() => _deterministic.Binarize(_weights.Span, _signs.Span);

    [Benchmark]
    public void Stochastic() => _stochastic.Binarize(_weights.Span, _signs.Span);
}
