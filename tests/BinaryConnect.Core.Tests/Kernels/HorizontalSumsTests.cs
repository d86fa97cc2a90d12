using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;

namespace BinaryConnect.Tests.Kernels;

internal sealed class HorizontalSumsTests
{
    [Test]
    public void Four_sums_come_in_the_order_of_their_registers()
    {
        Vector128<float> floats = HorizontalSums.Four(
            Vector128.Create(1f, 2, 3, 4), Vector128.Create(10f, 20, 30, 40), Vector128.Create(100f, 200, 300, 400),
            Vector128.Create(-1f, -2, -3, -5));
        Vector128<int> integers = HorizontalSums.Four(
            Vector128.Create(1, 2, 3, 4), Vector128.Create(10, 20, 30, 40), Vector128.Create(100, 200, 300, 400),
            Vector128.Create(-1, -2, -3, -5));

        Assert.That(floats, Is.EqualTo(Vector128.Create(10f, 100, 1000, -11)));
        Assert.That(integers, Is.EqualTo(Vector128.Create(10, 100, 1000, -11)));
    }
}
