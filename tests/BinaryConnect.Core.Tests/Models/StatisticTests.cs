using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Models;

internal sealed class StatisticTests
{
    [Test]
    public void It_keeps_what_it_was_made_from()
    {
        var statistic = new Statistic("layer1.variance", 3, initial: 1);

        Assert.That(statistic.Name, Is.EqualTo("layer1.variance"));
        Assert.That(statistic.Values.ToArray(), Is.EqualTo(new[] { 1f, 1, 1 }));
        Assert.That(new Statistic("layer1.mean", 1).Values.ToArray(), Is.EqualTo(new[] { 0f }));
    }

    [Test]
    public void Faults_are_named()
    {
        Assert.That(() => new Statistic("", 1), Throws.ArgumentException.With.Message.EqualTo(
            "The value cannot be an empty string. (Parameter 'name')"));
        Assert.That(() => new Statistic("mean", 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'length' is 0; it must be at least 1. (Parameter 'length')"));
    }

    [TestCase(2_147_418_113)]
    [TestCase(int.MaxValue)]
    public void More_values_than_fit_one_buffer_are_refused(int length) => Refusal.TakesNoMemory(
        () => _ = new Statistic("mean", length),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            $"'length' is {length:N0}; it must be at most 2,147,418,112. (Parameter 'length')"));
}
