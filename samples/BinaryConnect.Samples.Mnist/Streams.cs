namespace BinaryConnect.Samples.Mnist;

/// <summary>The streams of a job. A file named "-" is the standard output, which then has nothing else.</summary>
/// <param name="Text">The stream of tables and conclusions.</param>
/// <param name="Error">The stream of progress and faults.</param>
/// <param name="Data">The stream of the file named "-".</param>
internal sealed record Streams(TextWriter Text, TextWriter Error, TextWriter Data)
{
    /// <summary>The name of the standard output in an option.</summary>
    public const string StandardOutput = "-";

    /// <summary>The streams of a job that writes these files; null for a file that it does not write.</summary>
    public static Streams For(TextWriter output, TextWriter error, params ReadOnlySpan<string?> files) =>
        new(files.Contains(StandardOutput) ? error : output, error, output);
}
