using BinaryConnect.Data;

namespace BinaryConnect.Tests.Data;

internal sealed class IdxArrayTests
{
    [Test]
    public void It_holds_what_it_was_given_without_copying()
    {
        int[] dimensions = [2, 2];
        byte[] values = [1, 2, 3, 4];

        var array = new IdxArray(dimensions, values);
        values[3] = 9;

        Assert.That(array.Dimensions, Is.SameAs(dimensions));
        Assert.That(array.Values.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 9 }));
    }
}
