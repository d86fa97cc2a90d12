using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Fuzz;

/// <summary>Damaged checkpoints, in a process of their own: one that ends it is a failure too.</summary>
internal sealed class CheckpointFuzzTests
{
    private const int Mutants = 20_000;

    private static readonly string Program = Repository.PathOf(
        "tests", "BinaryConnect.Core.Fuzz", "bin", Repository.Configuration, "net10.0", "BinaryConnect.Core.Fuzz.dll");

    [Test]
    [Explicit("It takes seconds, as it tries many files.")]
    [Category("Slow")]
    public void Damaged_checkpoints_are_refused_or_train_on_with_finite_values()
    {
        (int exitCode, string output, string error) = Command.Run(
            Repository.Root, "dotnet", Program, "checkpoint", "--seed", "1", "--mutants", $"{Mutants}");

        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
        Assert.That(output, Does.Match($@"^checkpoint, seed 1: {Mutants} mutants: \d{{5}} refused, \d{{4}} accepted, 0 failed"));
        TestContext.Out.WriteLine(output);
    }
}
