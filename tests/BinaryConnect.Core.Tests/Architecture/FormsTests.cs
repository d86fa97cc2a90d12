using System.Reflection;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>A form that a processor chooses is tested on every processor.</summary>
internal sealed class FormsTests
{
    private static IEnumerable<Type> Fixtures => typeof(FormsTests).Assembly.GetTypes().Where(type =>
        type.Name.StartsWith("Logistic", StringComparison.Ordinal) && type.Name.EndsWith("Tests", StringComparison.Ordinal));

    [TestCaseSource(nameof(Fixtures))]
    public void Every_test_of_the_logistic_model_runs_with_each_form(Type fixture)
    {
        Assert.That(fixture.IsAssignableTo(typeof(ZerosFixture)), Is.True);
        Assert.That(fixture.GetCustomAttributes<TestFixtureAttribute>(), Is.Empty, "the form comes from ZerosFixture.Forms");
    }
}
