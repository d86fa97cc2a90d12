using System.Diagnostics;
using BinaryConnect.Samples.Mnist;

namespace BinaryConnect.Tests.Support;

/// <summary>
/// The sample in a process of its own, whose output is read as it arrives. Disposal kills a process that still runs.
/// </summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process _process;

    private SampleProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
    }

    public int ExitCode => _process.ExitCode;

    public static SampleProcess Start(string[] arguments) =>
        StartProgram("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]);

    public static SampleProcess StartProgram(string program, string[] arguments) => new(new ProcessStartInfo(program, arguments));

    /// <summary>Reads its output up to a line that starts with a text, or contains it, and returns the line.</summary>
    public string ReadOutputTo(string text, bool contained = false) => ReadTo(_process.StandardOutput, text, contained);

    /// <summary>Reads its error stream up to a line that starts with a text, and returns the line.</summary>
    public string ReadErrorTo(string text) => ReadTo(_process.StandardError, text, contained: false);

    /// <summary>Sends a signal, such as "-INT".</summary>
    public void Send(string signal) => Command.Succeed("/", "kill", signal, $"{_process.Id}");

    /// <summary>Types a character.</summary>
    public void Type(char character)
    {
        _process.StandardInput.Write(character);
        _process.StandardInput.Flush();
    }

    /// <summary>Kills it without warning, with all processes that it started.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public bool WaitForExit(TimeSpan patience) => _process.WaitForExit(patience);

    /// <summary>Waits for its end and returns the rest of its output.</summary>
    public (int ExitCode, string Output, string Error) End(TimeSpan patience)
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(), error = _process.StandardError.ReadToEndAsync();
        if (!_process.WaitForExit(patience))
        {
            Kill();
            Assert.Fail(
                $"It did not end within {patience}. Where the tests run in the background of a shell without job control, "
                + $"interrupts are ignored.\n{output.Result}\n{error.Result}");
        }

        return (_process.ExitCode, output.Result, error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private static string ReadTo(StreamReader reader, string text, bool contained)
    {
        while (reader.ReadLine() is string line)
        {
            if (contained ? line.Contains(text, StringComparison.Ordinal) : line.StartsWith(text, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"It ended without '{text}'.");
    }
}
