using System.Reflection;
using BinaryConnect.Kernels;
using BinaryConnect.Models;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// Tests that run with each form that a processor may choose for layers of few outputs, whatever this one would choose. A fixture takes
/// its form from <see cref="Forms"/>; models must be made in its tests.
/// </summary>
internal abstract class ZerosFixture
{
    private readonly Zeros _form;

    protected ZerosFixture(Zeros form)
    {
        _form = form;
        FieldInfo[] fields = GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
        if (fields.Any(field => typeof(IModel).IsAssignableFrom(field.FieldType) && field.GetValue(this) is not null))
            throw new InvalidOperationException("A model that is made with its fixture has the form that this processor chooses.");
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<Zeros> Forms => Enum.GetValues<Zeros>();

    [SetUp]
    public void ForceForm() => Processor.ForcedZeros = _form;

    [TearDown]
    public void LeaveFormToProcessor() => Processor.ForcedZeros = null;
}
