using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Fuzz;

/// <summary>Damaged files of models, in a process of their own: one that ends it is a failure too.</summary>
internal sealed class ModelFuzzTests
{
    private const int Mutants = 20_000;

    private static readonly string Program = Repository.PathOf(
        "tests", "BinaryConnect.Core.Fuzz", "bin", Repository.Configuration, "net10.0", "BinaryConnect.Core.Fuzz.dll");

    [TestCase("model")]
    [TestCase("packed")]
    [Explicit("It takes seconds, as it tries many files.")]
    [Category("Slow")]
    public void Damaged_models_are_refused_or_predict_and_are_saved_as_they_are(string target)
    {
        (int exitCode, string output, string error) = Command.Run(
            Repository.Root, "dotnet", Program, target, "--seed", "1", "--mutants", $"{Mutants}");

        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
        Assert.That(
            output, Does.Match($@"^{target}, seed 1: {Mutants} mutants: \d{{5}} refused, \d{{4}} accepted, 0 failed"));
        TestContext.Out.WriteLine(output);
    }
}
