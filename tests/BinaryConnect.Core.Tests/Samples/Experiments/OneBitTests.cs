using BinaryConnect.Samples.Experiments.OneBitStudy;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The figures and sentences of the experiment "one-bit".</summary>
public class OneBitTests
{
    [Test]
    public void Quartiles_are_interpolated()
    {
        Assert.That(Quartiles.Of([4, 1, 3, 2]), Is.EqualTo(new Quartiles(1.75, 2.5, 3.25)));
        Assert.That(Quartiles.Of([7]), Is.EqualTo(new Quartiles(7, 7, 7)));
    }

    [Test]
    public void Speed_is_the_median_of_ratios_of_one_round()
    {
        // The second round was slow for both, and changes no ratio.
        var times = new PairedTimes([[4, 40, 6], [2, 20, 2]]);
        Assert.That(times.SpeedOf(0).Median, Is.EqualTo(1));
        Assert.That(times.SpeedOf(1).Median, Is.EqualTo(2));
        Assert.That(times.MedianOf(0), Is.EqualTo(6));
        Assert.That(Speed.Of(times, way: 1, images: 4), Is.EqualTo(new Speed(0.5e6, 0.5e6, new Quartiles(2, 2, 2.5))));
    }

    [Test]
    public void Each_way_is_timed_in_each_round()
    {
        int[] calls = new int[2];
        var times = PairedTimes.Measure(
            [() => { calls[0]++; Thread.Sleep(1); }, () => { calls[1]++; Thread.Sleep(20); }], rounds: 2, CancellationToken.None);
        Assert.That(times.Seconds.Select(rounds => rounds.Length), Is.All.EqualTo(2));
        Assert.That(times.Seconds[0], Is.All.AtLeast(0.001));
        Assert.That(times.Seconds[1], Is.All.AtLeast(0.02));
        Assert.That(calls[0], Is.GreaterThan(calls[1]));
    }

    [Test]
    public void Findings_compare_with_the_first_model() => Assert.That(
        OneBitFindings.Of(
            [
                Figures("floats", 3_200, 0.0200, 1, 1), Figures("signs", 100, 0.0210, 12.34, 3.21),
                Figures("bits", 100, 0.0500, 0.51, 8), Figures("better", 1_600, 0.0100, 1, 1),
            ],
            images: 10_000),
        Is.EqualTo(new[]
        {
            "\"signs\" takes 32 times fewer bytes than \"floats\", predicts one image 12.3 times as fast and many images 3.2 "
            + "times as fast, and errs on 2.10 % of the test images: neither clearly more nor clearly less than 2.00 %.",
            "\"bits\" takes 32 times fewer bytes than \"floats\", predicts one image 0.5 times as fast and many images 8.0 times "
            + "as fast, and errs on 5.00 % of the test images: more than 2.00 %.",
            "\"better\" takes 2 times fewer bytes than \"floats\", predicts one image 1.0 times as fast and many images 1.0 "
            + "times as fast, and errs on 1.00 % of the test images: less than 2.00 %.",
        }));

    private static ContenderFigures Figures(string name, long bytes, double error, double alone, double many) =>
        new(name, bytes, error, SpeedOf(alone), SpeedOf(many));

    private static Speed SpeedOf(double ratio) => new(1, 1, new Quartiles(ratio, ratio, ratio));
}
