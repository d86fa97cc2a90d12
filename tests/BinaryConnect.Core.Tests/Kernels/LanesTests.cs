using System.Runtime.Intrinsics;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Every operation on a register, lane by lane, against the same on floats.</summary>
[TestFixture(typeof(Vector128<float>), typeof(Lanes128), 4)]
[TestFixture(typeof(Vector256<float>), typeof(Lanes256), 8)]
[TestFixture(typeof(Vector512<float>), typeof(Lanes512), 16)]
internal sealed class LanesTests<TVector, TLanes>(int count)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private static readonly float[] Specials =
        [0, -0f, float.NaN, -float.NaN, 1, -1, float.Epsilon, -float.Epsilon, float.PositiveInfinity, float.NegativeInfinity];

    [Test]
    public void Count_is_the_registers() => Assert.That(TLanes.Count, Is.EqualTo(count));

    [Test]
    public void Create_fills_every_lane() => Assert.That(Lanes(TLanes.Create(2.5f)), Is.EqualTo(Enumerable.Repeat(2.5f, count)));

    [Test]
    public void Load_and_Store_take_the_offset_and_touch_nothing_else()
    {
        float[] source = [.. Enumerable.Range(0, count + 5).Select(i => (float)i)];
        float[] destination = new float[count + 6];

        TLanes.Store(TLanes.Load(ref source[0], 3), ref destination[0], 2);

        Assert.That(destination, Is.EqualTo((float[])[0, 0, .. source[3..(count + 3)], 0, 0, 0, 0]));
    }

    [Test]
    public void LoadBytes_takes_every_byte_as_unsigned_from_any_offset()
    {
        byte[] source = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        for (int offset = 0; offset <= 256 - count; offset++)
        {
            Assert.That(
                Lanes(TLanes.LoadBytes(ref source[0], (nuint)offset)),
                Is.EqualTo(Enumerable.Range(offset, count).Select(i => (float)i)),
                $"offset {offset}");
        }
    }

    [Test]
    public void Arithmetic_is_that_of_floats()
    {
        float[] a = KernelInputs.Uniform(count, seed: 1, bound: 100), b = KernelInputs.Uniform(count, seed: 2, bound: 100);
        TVector left = TLanes.Load(ref a[0], 0), right = TLanes.Load(ref b[0], 0);

        Assert.Multiple(() =>
        {
            Assert.That(Lanes(TLanes.Add(left, right)), Is.EqualTo(a.Zip(b, (x, y) => x + y)), "sum");
            Assert.That(Lanes(TLanes.Subtract(left, right)), Is.EqualTo(a.Zip(b, (x, y) => x - y)), "difference");
            Assert.That(Lanes(TLanes.Multiply(left, right)), Is.EqualTo(a.Zip(b, (x, y) => x * y)), "product");
            Assert.That(Lanes(TLanes.Divide(left, right)), Is.EqualTo(a.Zip(b, (x, y) => x / y)), "quotient");
            Assert.That(Lanes(TLanes.Absolute(left)), Is.EqualTo(a.Select(Math.Abs)), "magnitude");
            Assert.That(
                Lanes(TLanes.SquareRoot(TLanes.Absolute(left))), Is.EqualTo(a.Select(x => MathF.Sqrt(Math.Abs(x)))), "root");
        });
    }

    // Whole numbers: fused or not, the result is exact.
    [Test]
    public void MultiplyAdd_adds_the_third_to_the_product_of_the_others()
    {
        float[] a = KernelInputs.Whole(count, seed: 1), b = KernelInputs.Whole(count, seed: 2);
        float[] c = KernelInputs.Whole(count, seed: 3);

        float[] result = Lanes(TLanes.MultiplyAdd(TLanes.Load(ref a[0], 0), TLanes.Load(ref b[0], 0), TLanes.Load(ref c[0], 0)));

        Assert.That(result, Is.EqualTo(Enumerable.Range(0, count).Select(i => a[i] * b[i] + c[i])));
    }

    [Test]
    public void LowBitsToExponent_makes_powers_of_two()
    {
        float[] bits = [.. Enumerable.Range(0, count).Select(i => BitConverter.Int32BitsToSingle(0x4B40_0000 + 127 - 8 * i))];

        Assert.That(
            Lanes(TLanes.LowBitsToExponent(TLanes.Load(ref bits[0], 0))),
            Is.EqualTo(Enumerable.Range(0, count).Select(i => MathF.ScaleB(1, -8 * i))));
    }

    [Test]
    public void Max_takes_the_larger()
    {
        float[] a = KernelInputs.Whole(count, seed: 1), b = KernelInputs.Whole(count, seed: 2);

        Assert.That(Lanes(TLanes.Max(TLanes.Load(ref a[0], 0), TLanes.Load(ref b[0], 0))), Is.EqualTo(a.Zip(b, Math.Max)));
    }

    [Test]
    public void SelectNegative_takes_both_zeros_and_NaN_as_not_negative()
    {
        float[] negative = [.. Enumerable.Range(0, count).Select(i => -100f - i)];
        float[] other = [.. Enumerable.Range(0, count).Select(i => 100f + i)];
        for (int first = 0; first < Specials.Length; first++)
        {
            float[] a = Cycle(first);

            float[] result = Lanes(
                TLanes.SelectNegative(TLanes.Load(ref a[0], 0), TLanes.Load(ref negative[0], 0), TLanes.Load(ref other[0], 0)));

            Assert.That(
                result, Is.EqualTo(Enumerable.Range(0, count).Select(i => a[i] < 0 ? negative[i] : other[i])), $"first {first}");
        }
    }

    [Test]
    public void CountSignDifferences_counts_where_exactly_one_is_below_zero()
    {
        for (int first = 0; first < Specials.Length; first++)
        {
            for (int step = 0; step < Specials.Length; step++)
            {
                float[] a = Cycle(first), b = Cycle(first + step);
                int expected = a.Zip(b).Count(pair => pair.First < 0 != pair.Second < 0);

                Assert.That(
                    TLanes.CountSignDifferences(TLanes.Load(ref a[0], 0), TLanes.Load(ref b[0], 0)), Is.EqualTo(expected),
                    $"{first}, {step}");
            }
        }
    }

    [Test]
    public void CountSignDifferences_counts_each_lane_up_to_all()
    {
        float[] a = new float[count], b = new float[count];
        for (int i = 0; i < count; i++)
        {
            b[i] = -1;
            Assert.That(TLanes.CountSignDifferences(TLanes.Load(ref a[0], 0), TLanes.Load(ref b[0], 0)), Is.EqualTo(i + 1));
        }
    }

    // Powers of two: each lane is a bit of its own in the sum.
    [Test]
    public void Sum_adds_every_lane_once()
    {
        float[] a = [.. Enumerable.Range(0, count).Select(i => (float)(1 << i))];

        Assert.That(TLanes.Sum(TLanes.Load(ref a[0], 0)), Is.EqualTo((float)((1 << count) - 1)));
    }

    // Powers of two, so that a lane left out, or taken for another register's, is seen.
    [Test]
    public void SumFour_adds_every_lane_of_each_register_once()
    {
        float[] a = [.. Enumerable.Range(0, count).Select(i => (float)(1 << i))], b = [.. a.Reverse().Select(value => -value)];
        float[] c = new float[count], d = [.. c];
        c[^1] = 3;
        d[0] = 5;

        Vector128<float> sums = TLanes.SumFour(
            TLanes.Load(ref a[0], 0), TLanes.Load(ref b[0], 0), TLanes.Load(ref c[0], 0), TLanes.Load(ref d[0], 0));

        int all = (1 << count) - 1;
        Assert.That(sums, Is.EqualTo(Vector128.Create(all, -all, 3, 5f)));
    }

    private float[] Cycle(int start) => [.. Enumerable.Range(0, count).Select(i => Specials[(start + i) % Specials.Length])];

    private float[] Lanes(TVector vector)
    {
        float[] lanes = new float[count];
        TLanes.Store(vector, ref lanes[0], 0);
        return lanes;
    }
}
