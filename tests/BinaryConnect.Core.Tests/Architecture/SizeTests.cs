using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>
/// The product of two sizes may pass 2³¹, and wraps in 32 bits. So none meets a check or an allocation unless it is
/// taken in 64 bits (<c>Guard.Area</c>, <c>Guard.Product</c>, a long that is cast) or checked. Kernels allocate by
/// sizes that those who call them have checked.
/// </summary>
internal sealed partial class SizeTests
{
    private static readonly string Library = Repository.PathOf("src", "BinaryConnect.Core");

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Library, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Library, file))
        .Where(file => !file.StartsWith("bin", StringComparison.Ordinal) && !file.StartsWith("obj", StringComparison.Ordinal));

    [TestCaseSource(nameof(Sources))]
    public void No_product_that_may_wrap_is_a_length(string file)
    {
        string code = SourceCode.Of(Path.Combine(Library, file));

        Assert.That(Checked().Matches(code).Select(match => match.Value), Is.Empty);
        if (!file.StartsWith("Kernels", StringComparison.Ordinal))
            Assert.That(Allocated().Matches(code).Select(match => match.Value), Is.Empty);
    }

    [TestCase("Guard.Length(logits.Length, rows * classes, name, reason);", true)]
    [TestCase("Guard.Length(logits.Length, labels.Length, name, reason);", false)]
    [TestCase("Guard.Area(logits.Length, rows, classes, name, reason);", false)]
    [TestCase("new float[rows * classes]", true)]
    [TestCase("new float[checked(rows * classes)]", false)]
    [TestCase("new float[(int)Math.Min(2L * length, most)]", false)]
    [TestCase("AlignedBuffer.Allocate(rows * classes)", true)]
    [TestCase("AlignedBuffer.Allocate<uint>(rows * classes)", true)]
    [TestCase("AlignedBuffer.Allocate(checked(rows * classes))", false)]
    [TestCase("AlignedBuffer.Allocate(Guard.Product(rows, classes, most, first, second))", false)]
    public void The_rule_knows_such_a_product(string code, bool isOne) =>
        Assert.That(Checked().IsMatch(code) || Allocated().IsMatch(code), Is.EqualTo(isOne));

    [GeneratedRegex(@"Guard\.Length\([^;]*\*[^;]*;")]
    private static partial Regex Checked();

    [GeneratedRegex(@"(?:new \w+\[|Allocate(?:<\w+>)?\()(?!checked\(|\(int\))[^;\]]*\*")]
    private static partial Regex Allocated();
}
