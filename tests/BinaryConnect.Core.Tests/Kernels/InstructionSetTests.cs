using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>
/// The kernels in processes of their own, each with one instruction set switched off. A process receives the
/// expected flags, and fails if the switch had no effect.
/// </summary>
internal sealed partial class InstructionSetTests
{
    private const string ExpectedVariable = "BINARYCONNECT_EXPECTED_ISA";

    private static readonly bool IsX64 =
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

    private static string Checks => Repository.PathOf(
        "tests", "BinaryConnect.Core.KernelChecks", "bin", Repository.Configuration, "net10.0",
        "BinaryConnect.Core.KernelChecks.dll");

    private static string Seen =>
        $"Vector128={Vector128.IsHardwareAccelerated} Vector256={Vector256.IsHardwareAccelerated} "
        + $"Vector512={Vector512.IsHardwareAccelerated}";

    private static IEnumerable<TestCaseData> Switches()
    {
        yield return new TestCaseData(
            "DOTNET_EnableHWIntrinsic", "Vector128=False Vector256=False Vector512=False Avx2=False AdvSimd=False")
            .SetArgDisplayNames("all off");
        if (!IsX64) yield break;
        yield return new TestCaseData(
            "DOTNET_EnableAVX512", $"Vector256={Vector256.IsHardwareAccelerated} Vector512=False Avx512F=False")
            .SetArgDisplayNames("without AVX-512");
        yield return new TestCaseData("DOTNET_EnableAVX2", "Vector128=True Vector256=False Vector512=False Avx2=False")
            .SetArgDisplayNames("without AVX2");
    }

    // Sum tables of bits alone need VBMI.
    private static IEnumerable<TestCaseData> SwitchesOfKernels()
    {
        foreach (TestCaseData one in Switches()) yield return one;
        if (!IsX64) yield break;
        yield return new TestCaseData(
            "DOTNET_EnableAVX512v2", $"Vector256={Vector256.IsHardwareAccelerated} Vector512={Vector512.IsHardwareAccelerated}")
            .SetArgDisplayNames("without VBMI");
    }

    // Every kernel in every form between forbidden pages: a read or write past an end is the end of that process.
    [Test]
    public void The_kernel_checks_pass_with_all_there_is() => The_kernel_checks_pass("", Seen);

    [TestCaseSource(nameof(SwitchesOfKernels))]
    [Explicit("It starts a process for each instruction set.")]
    [Category("Slow")]
    [Parallelizable(ParallelScope.Children)]
    public void The_kernel_checks_pass(string switchedOff, string expected)
    {
        (int exitCode, string output, string error) = Run(switchedOff, expected, Checks);

        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
        Assert.That(output.Split('\n')[0].Split(' '), Is.SupersetOf(expected.Split(' ')));
        Assert.That(output, Does.Match(@"(?m)^(1[5-9]\d|[2-9]\d\d) passed, 0 failed"));
    }

    [TestCaseSource(nameof(Switches))]
    [Explicit("It runs half of the suite in a process for each instruction set.")]
    [Category("Slow")]
    [Parallelizable(ParallelScope.Children)]
    public void The_tests_of_kernels_models_optimizers_and_training_pass(string switchedOff, string expected)
    {
        Assert.That(Environment.GetEnvironmentVariable(ExpectedVariable), Is.Null, "one such process within another is enough");

        // Without SIMD whole runs would take minutes; they call nothing that differs but kernels and models.
        string runs = switchedOff == "DOTNET_EnableHWIntrinsic" ? "" : "|FullyQualifiedName~Tests.Training";
        (int exitCode, string output, string error) = Run(
            switchedOff,
            expected,
            "vstest",
            typeof(InstructionSetTests).Assembly.Location,
            "--TestCaseFilter:(FullyQualifiedName~Tests.Kernels|FullyQualifiedName~Tests.Binarization"
            + $"|FullyQualifiedName~Tests.Models|FullyQualifiedName~Tests.Optimizers{runs})"

            // Files, threads and faults are the same for every instruction set.
            + "&FullyQualifiedName!~Checkpoint&FullyQualifiedName!~WorkerPool&FullyQualifiedName!~OtherProcessor"
            + "&FullyQualifiedName!~ConcurrentInference&FullyQualifiedName!~ParameterReaders&FullyQualifiedName!~RunEnding"
            + "&FullyQualifiedName!~TrainingStopped&FullyQualifiedName!~TrainingProgress&FullyQualifiedName!~SilentKinds"

            // The kernel checks run the largest sums with every instruction set. Without SIMD they would take a minute
            // here.
            + "&FullyQualifiedName!~LargestSums&FullyQualifiedName!~LogisticModelWidth"
            + "&FullyQualifiedName!~The_tests_of_kernels&FullyQualifiedName!~The_kernel_checks_pass",

            // With 2,000 selected tests or more, the adapter would ignore the filter and run the whole assembly.
            "--",
            "NUnit.AssemblySelectLimit=1000000");

        Assert.That(exitCode, Is.Zero, $"{output}\n{error}");
        Assert.That(int.Parse(PassedCount().Match(output).Groups["count"].Value), Is.GreaterThan(300), output);
    }

    // 10,000 classes follow from the scores. Every process has forms of its own for bytes, bits and thresholds.
    [TestCaseSource(nameof(SwitchesOfKernels))]
    [Explicit("It starts a process for each instruction set.")]
    [Category("Slow")]
    [Parallelizable(ParallelScope.Children)]
    public void A_packed_network_of_bits_has_the_same_scores(string switchedOff, string expected)
    {
        using var folder = new TemporaryFolder();
        string images = Repository.PathOf("samples", "data", "mnist", "t10k-images-idx3-ubyte.gz");
        string all = folder.PathOf("all"), less = folder.PathOf("less");

        (int exitCode, _, string error) = Run("", Seen, Checks, "scores", images, all);
        Assert.That(exitCode, Is.Zero, error);
        (exitCode, _, error) = Run(switchedOff, expected, Checks, "scores", images, less);

        Assert.That(exitCode, Is.Zero, error);
        byte[] scores = File.ReadAllBytes(all);
        Assert.That(scores, Has.Length.EqualTo(10_000 * 10 * sizeof(float)));
        Assert.That(File.ReadAllBytes(less).AsSpan().SequenceEqual(scores), Is.True);
    }

    // For the processes that the test above starts. In other processes the variable is not set, and the test passes.
    [Test]
    public void This_process_sees_the_instruction_sets_it_was_told_of()
    {
        string expected = Environment.GetEnvironmentVariable(ExpectedVariable) ?? Seen;

        Assert.That(
            expected.Split(' ').Where(flag => flag.StartsWith("Vector", StringComparison.Ordinal)), Is.SubsetOf(Seen.Split(' ')));
    }

    private static (int ExitCode, string Output, string Error) Run(string switchedOff, string expected, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root };
        start.Environment[ExpectedVariable] = expected;
        if (switchedOff.Length > 0) start.Environment[switchedOff] = "0";
        return Command.Run(start);
    }

    [GeneratedRegex(@"Passed: +(?<count>\d+)")]
    private static partial Regex PassedCount();
}
