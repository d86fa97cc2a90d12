using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>
/// Checks the program of the kernel checks against the sources. It must run every kernel that has a scalar definition,
/// or that asks for instruction sets, between forbidden pages: directly, or through the switch of its forms.
/// </summary>
internal sealed partial class KernelChecksTests
{
    private static readonly string Kernels = Repository.PathOf("src", "BinaryConnect.Core", "Kernels");
    private static readonly string Program = Repository.PathOf("tests", "BinaryConnect.Core.KernelChecks");

    private static string[] Checks => Directory.GetFiles(Program, "*Checks.cs");

    [TestCaseSource(nameof(Loops))]
    public void The_kernel_checks_run_every_kernel(string kernel, string method)
    {
        string call = $@"\b{kernel}(?:Forms)?\.{method}(?:Scalar)?\b";

        Assert.That(
            Checks.Any(file => Regex.IsMatch(SourceCode.Of(file), call)), Is.True,
            $"No file of '{Program}' calls {kernel}.{method}.");
    }

    [Test]
    public void The_program_runs_every_check()
    {
        string program = SourceCode.Of(Path.Combine(Program, "Program.cs"));
        string[] checks = [.. Checks.Select(Path.GetFileNameWithoutExtension).OfType<string>()];

        Assert.That(checks, Is.Not.Empty);
        Assert.That(checks.Where(check => !program.Contains($"\n{check}.Run(report);", StringComparison.Ordinal)), Is.Empty);
    }

    // Loops that the rule must find, and one type that is no kernel.
    [Test]
    public void The_rule_knows_a_kernel_when_it_sees_one()
    {
        (string, string)[] loops = [.. Loops().Select(loop => ((string)loop.Arguments[0]!, (string)loop.Arguments[1]!))];

        Assert.That(
            loops,
            Is.SupersetOf(new[]
            {
                ("Signs", "Compare"), ("LatentUpdate", "Run"), ("SignPacking", "PackTransposed"), ("GemmPacking", "PackRows"),
            }));
        Assert.That(loops.Select(loop => loop.Item1), Has.None.EqualTo("AlignedBuffer"));
    }

    // Loops with a scalar definition. If a type has none, but tests for instruction sets: all its methods that are not
    // private.
    private static IEnumerable<TestCaseData> Loops()
    {
        foreach (string file in Directory.GetFiles(Kernels, "*.cs", SearchOption.AllDirectories).Order())
        {
            string code = SourceCode.Of(file), kernel = Path.GetFileNameWithoutExtension(file);
            if (!code.Contains($"\ninternal static class {kernel}\n", StringComparison.Ordinal)) continue;
            string[] methods = [.. PublicMethod().Matches(code).Select(match => match.Groups["name"].Value).Distinct()];
            string[] scalar =
            [
                .. methods.Where(method => method.EndsWith("Scalar", StringComparison.Ordinal))
                    .Select(method => method[..^"Scalar".Length]),
            ];
            if (scalar.Length == 0 && !AsksForInstructions().IsMatch(code)) continue;
            foreach (string method in scalar.Length > 0 ? scalar : methods)
                yield return new TestCaseData(kernel, method).SetArgDisplayNames(kernel, method);
        }
    }

    [GeneratedRegex(@"^    public static [^=;{]*?\b(?<name>\w+)(?:<[^>()]*>)?\(", RegexOptions.Multiline)]
    private static partial Regex PublicMethod();

    [GeneratedRegex(@"\.(?:IsHardwareAccelerated|IsSupported)\b")]
    private static partial Regex AsksForInstructions();
}
