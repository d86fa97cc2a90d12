using BinaryConnect.Samples.Mnist;

namespace BinaryConnect.Tests.Support;

/// <summary>The sample's commands, run in this process.</summary>
internal static class SampleCommand
{
    /// <summary>Runs a command, and gives its exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.RunAsync(arguments, output, error);
        return (exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Runs a command that must succeed, and gives its output.</summary>
    public static async Task<string> Succeed(params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);
        Assert.That(exitCode, Is.Zero, error);
        return output;
    }

    /// <summary>Runs a command that must be refused, and gives the one line that says why.</summary>
    public static async Task<string> Refuse(params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.EndWith("\n"));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
        return error.TrimEnd('\n');
    }
}
