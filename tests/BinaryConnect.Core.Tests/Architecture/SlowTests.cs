using System.Reflection;

namespace BinaryConnect.Tests.Architecture;

/// <summary>Explicit tests run only if a filter selects them. The gate selects a category that all must have.</summary>
internal sealed class SlowTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly MemberInfo[] Members =
    [
        .. typeof(SlowTests).Assembly.GetTypes(),
        .. typeof(SlowTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(Declared)),
    ];

    [Test]
    public void What_is_explicit_is_slow_and_what_is_slow_is_explicit()
    {
        string[] explicitly = [.. Members.Where(member => member.IsDefined(typeof(ExplicitAttribute))).Select(Name)];
        string[] slow = [.. Members.Where(IsSlow).Select(Name)];

        Assert.That(explicitly, Is.EquivalentTo(slow).And.Not.Empty);
    }

    [Test]
    public void The_gate_and_the_guide_run_them()
    {
        const string Filter = "--filter TestCategory=Slow";
        Assert.That(File.ReadAllText(Support.Repository.PathOf(".ci", "run")), Does.Contain(Filter));
        Assert.That(
            File.ReadAllText(Support.Repository.PathOf("CONTRIBUTING.md")), Does.Contain($"dotnet test -c Release {Filter}"));
    }

    private static bool IsSlow(MemberInfo member) =>
        member.GetCustomAttributes<CategoryAttribute>().Any(category => category.Name == "Slow");

    private static string Name(MemberInfo member) => $"{member.DeclaringType?.Name}.{member.Name}";
}
