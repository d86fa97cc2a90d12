using System.Diagnostics;

namespace BinaryConnect.Tests.Support;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    // For programs that hang; the whole suite without SIMD takes minutes on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static (int ExitCode, string Output, string Error) Run(string folder, string program, params string[] arguments) =>
        Run(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder });

    public static (int ExitCode, string Output, string Error) Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' did not end within {Patience}.");
        }

        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs a program that must succeed, and gives what it wrote.</summary>
    public static string Succeed(string folder, string program, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(folder, program, arguments);
        Assert.That(exitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }
}
