namespace BinaryConnect.Samples.Mnist;

/// <summary>Where a job writes. A file named "-" is the standard output, which then has nothing else.</summary>
/// <param name="Text">Takes tables and conclusions.</param>
/// <param name="Error">Takes progress and faults.</param>
/// <param name="Data">Takes the file named "-".</param>
internal sealed record Streams(TextWriter Text, TextWriter Error, TextWriter Data)
{
    /// <summary>What an option calls the standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>The streams of a job that writes these files; null for a file that it does not write.</summary>
    public static Streams For(TextWriter output, TextWriter error, params ReadOnlySpan<string?> files) =>
        new(files.Contains(StandardOutput) ? error : output, error, output);
}
