using System.Reflection;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// Tests that run with and without skipping blocks of zeros in layers of few outputs, whatever this processor would
/// choose. A fixture takes the choice from <see cref="Forms"/>; models must be made in its tests.
/// </summary>
internal abstract class ZerosFixture
{
    private readonly bool _skipsZeros;

    protected ZerosFixture(bool skipsZeros)
    {
        _skipsZeros = skipsZeros;
        FieldInfo[] fields = GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
        if (fields.Any(field => typeof(IModel).IsAssignableFrom(field.FieldType) && field.GetValue(this) is not null))
            throw new InvalidOperationException(
                "A model that is made with its fixture has the form that this processor chooses.");
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<bool> Forms => [false, true];

    [SetUp]
    public void ForceForm() => CpuTuning.ForcedSkipping = _skipsZeros;

    [TearDown]
    public void LeaveFormToProcessor() => CpuTuning.ForcedSkipping = null;
}
