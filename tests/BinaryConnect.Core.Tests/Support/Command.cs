using System.Diagnostics;

namespace BinaryConnect.Tests.Support;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    // For programs that hang; the whole suite without SIMD takes minutes on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    public static (int ExitCode, string Output, string Error) Run(string folder, string program, params string[] arguments) =>
        Run(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder });

    public static (int ExitCode, string Output, string Error) Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        string command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        long began = Stopwatch.GetTimestamp();
        while (!process.WaitForExit(Silence))
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
            string test = TestContext.CurrentContext.Test.Name;
            TestContext.Progress.WriteLine($"{test}: {elapsed.TotalSeconds:F0} s of '{Cut(command)}'");
            if (elapsed < Patience) continue;
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{command}' did not end within {Patience}.");
        }

        return (process.ExitCode, output.Result, error.Result);
    }

    private static string Cut(string command) => command.Length <= 80 ? command : command[..80] + "...";

    /// <summary>Runs a program that must succeed, and returns its output.</summary>
    public static string Succeed(string folder, string program, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(folder, program, arguments);
        Assert.That(exitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }
}
