using BinaryConnect.Data;
using BinaryConnect.Samples.Browser;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Browser;

/// <summary>The run of the page, here in .NET.</summary>
internal sealed class DigitTrainingTests
{
    /// <summary>The page's hash of its latent weights, for a process that is to come to the same.</summary>
    public const string HashVariable = "BINARYCONNECT_EXPECTED_HASH";

    private const int TrainingRows = 4_000, TestRows = 2_000;

    private static readonly Lazy<(Dataset Train, Dataset Test)> Digits = new(() => (
        Read("train").Take(TrainingRows), Read("t10k").Take(TestRows)));

    [Test]
    public void A_run_learns_and_ends_with_few_flips()
    {
        DigitTraining training = New(seed: 1);
        double before = training.Evaluate();

        int[] flips = [.. Enumerable.Range(0, DigitTraining.TotalSteps).Select(_ => training.Step().SignFlips)];

        Assert.That(before, Is.LessThan(0.3));
        Assert.That(training.Evaluate(), Is.GreaterThan(0.83));
        Assert.That(flips[..20].Average(), Is.GreaterThan(20 * flips[^20..].Average()));
    }

    [Test]
    public void The_seed_decides_the_hash()
    {
        (DigitTraining one, DigitTraining same, DigitTraining other) = (New(seed: 1), New(seed: 1), New(seed: 2));
        foreach (DigitTraining training in new[] { one, same, other }) training.Step();

        Assert.That(one.Hash, Does.Match("^[0-9a-f]{16}$"));
        Assert.That(one.Hash, Is.EqualTo(same.Hash).And.Not.EqualTo(other.Hash));
    }

    [Test]
    public void A_test_digit_has_the_probabilities_of_its_class_without_a_change_of_the_run()
    {
        DigitTraining training = New(seed: 1);
        for (int step = 0; step < 300; step++) training.Step();
        string hash = training.Hash;
        byte[] images = IdxReader.Read(PathOf("t10k-images-idx3-ubyte.gz")).Values[..(784 * 200)].ToArray();

        int right = 0;
        for (int row = 0; row < 200; row++)
        {
            float[] probabilities = training.Classify(images.AsSpan(784 * row, 784));
            Assert.That(probabilities.Sum(), Is.EqualTo(1).Within(1e-5));
            if (Array.IndexOf(probabilities, probabilities.Max()) == Digits.Value.Test.Labels[row]) right++;
        }

        Assert.That(right, Is.GreaterThan(150));
        Assert.That(training.Hash, Is.EqualTo(hash));
    }

    [Test]
    public void Signs_change_as_often_as_a_step_says()
    {
        DigitTraining training = New(seed: 1);
        byte[] before = training.Signs();

        int flips = training.Step().SignFlips;

        Assert.That(before.Zip(training.Signs()).Count(pair => pair.First != pair.Second), Is.EqualTo(flips).And.GreaterThan(0));
        Assert.That(before.Distinct().Order(), Is.EqualTo(new byte[] { 0, 1 }));
    }

    // For the process that the test of the page starts. In other processes the variable is not set, and it is ignored.
    [Test]
    public void This_process_comes_to_the_hash_it_was_told_of()
    {
        string? expected = Environment.GetEnvironmentVariable(HashVariable);
        if (expected is null) Assert.Ignore("No page to compare with.");
        DigitTraining training = New(seed: 1);

        for (int step = 0; step < DigitTraining.TotalSteps; step++) training.Step();

        Assert.That(training.Hash, Is.EqualTo(expected));
    }

    private static DigitTraining New(int seed) => new(Digits.Value.Train, Digits.Value.Test, seed);

    private static Dataset Read(string name) => DigitTraining.ReadDigits(
        IdxReader.Read(PathOf($"{name}-images-idx3-ubyte.gz")), IdxReader.Read(PathOf($"{name}-labels-idx1-ubyte.gz")));

    private static string PathOf(string file) => Path.Combine(MnistData.Folder, file);
}
