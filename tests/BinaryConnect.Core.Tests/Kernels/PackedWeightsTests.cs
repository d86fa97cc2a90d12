using BinaryConnect.Kernels.Random;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Layers;
using BinaryConnect.Models.Networks;
using BinaryConnect.Models.Products;

namespace BinaryConnect.Tests.Kernels;

/// <summary>Work space at the limits, where lengths pass 2³¹ unless they are taken in 64 bits.</summary>
internal sealed class PackedWeightsTests
{
    private const int Most = PackedWeights.MostUnits;

    [TestCase(1)]
    [TestCase(784)]
    [TestCase(1 << 20)]
    [TestCase(Most / 2)]
    [TestCase(Most - 1)]
    [TestCase(Most)]
    public void Scratch_holds_the_tables_and_a_word_of_outputs(int units)
    {
        var needs = new WorkspaceNeeds();
        PackedWeights.Prepare(units, 1, new LayerBuilder(0, needs));
        long length = needs.Scratch;

        Assert.That(length, Is.LessThanOrEqualTo(AlignedBuffer.MostLength));
        Assert.That(length, Is.GreaterThanOrEqualTo(16L * units), "four rows' tables of 16 sums for each 4 inputs");
        for (long outputs = 1; outputs <= SignLayout.WordInputs && outputs * units <= PackedWeights.MostWeights; outputs++)
            Assert.That(length, Is.GreaterThanOrEqualTo(outputs * units + StochasticSigns.GroupLength));
    }

    // The work space holds the sums of 32 rows by all outputs after 1,024 inputs and 4,096 sums of four.
    [TestCase(1)]
    [TestCase(784)]
    [TestCase(Most / 2)]
    [TestCase(67_106_624)]
    [TestCase(67_106_625)]
    [TestCase(Most)]
    public void As_many_rows_fit_as_are_allowed(int units)
    {
        long rows = SignGemm.MostRows(units), roundedUp = (units + 63) / 64 * 64L;

        Assert.That(rows, Is.GreaterThanOrEqualTo(1));
        Assert.That(rows * units, Is.LessThanOrEqualTo(AlignedBuffer.MostLength));
        if (rows >= 32)
            Assert.That(SignGemm.WorkLength(new SignLayout(units, units)), Is.GreaterThanOrEqualTo(32 * roundedUp + 1024 + 4096));
    }

    [Test]
    public void Packed_signs_of_every_shape_fit_a_buffer()
    {
        foreach (int inputs in new[] { 1, 31, 32, 33, 1 << 15, Most - 1, Most })
        {
            foreach (int outputs in new[] { 1, 16, 63, 64, 65, 1 << 15, Most })
            {
                if ((long)inputs * outputs > PackedWeights.MostWeights) continue;
                long words = (inputs + 31) / 32, tiles = (outputs + 63) / 64;
                Assert.That(
                    new SignLayout(outputs, inputs).Length,
                    Is.EqualTo(64 * words * tiles + 1).And.LessThanOrEqualTo(AlignedBuffer.MostLength));
            }
        }
    }
}
