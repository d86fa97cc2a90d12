using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Fuzz;

/// <summary>Damaged IDX files, in a process of their own: one that ends it is a failure too.</summary>
internal sealed class IdxFuzzTests
{
    private const int Mutants = 60_000;

    private static readonly string Program = Repository.PathOf(
        "tests", "BinaryConnect.Core.Fuzz", "bin", Repository.Configuration, "net10.0", "BinaryConnect.Core.Fuzz.dll");

    [Test]
    [Explicit("It takes seconds, as it tries many files.")]
    [Category("Slow")]
    public void Damaged_files_are_refused_or_read_as_what_they_are()
    {
        (int exitCode, string output, string error) = Command.Run(
            Repository.Root, "dotnet", Program, "idx", "--seed", "1", "--mutants", $"{Mutants}");

        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
        Assert.That(output, Does.Match($@"^idx, seed 1: {Mutants} mutants: \d{{5}} refused, \d{{4,5}} accepted, 0 failed"));
        TestContext.Out.WriteLine(output);
    }

    // The exit code tells a script that the arguments are wrong.
    [TestCase("none")]
    [TestCase("idx", "--mutant", "1")]
    [TestCase("idx", "--mutants")]
    public void Arguments_that_make_no_sense_are_an_error(params string[] arguments)
    {
        Assert.That(Command.Run(Repository.Root, "dotnet", [Program, .. arguments]).ExitCode, Is.EqualTo(2));
    }
}
