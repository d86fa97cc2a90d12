namespace BinaryConnect.Samples.Mnist.Watching;

/// <summary>A curve of one line.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█", Letters = "_.-=+*#@";

    /// <summary>The last values, from the least of them to the largest.</summary>
    /// <param name="values">The values, in order.</param>
    /// <param name="width">The most characters.</param>
    /// <param name="isUnicode">Whether the font has blocks; otherwise letters stand for them.</param>
    public static string Of(IReadOnlyList<double> values, int width, bool isUnicode)
    {
        string levels = isUnicode ? Blocks : Letters;
        double[] last = [.. values.Skip(values.Count - width)];
        if (last.Length == 0) return "";
        double least = last.Min(), range = last.Max() - least;
        return string.Concat(last.Select(value => levels[LevelOf(value)]));

        int LevelOf(double value) => range > 0 ? (int)Math.Round((value - least) / range * (levels.Length - 1)) : 0;
    }
}
