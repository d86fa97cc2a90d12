namespace BinaryConnect.Tests.Support;

/// <summary>Commands of Linux for what .NET cannot do, and whether they work here.</summary>
internal static class Shell
{
    /// <summary>A script's output; it must succeed.</summary>
    public static string Run(string folder, string script) => Command.Succeed(folder, "sh", "-ec", script).TrimEnd();

    /// <summary>Ignores the test where the script fails, as where there is no such command or right.</summary>
    public static void Assume(string script)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("This is a test for Linux.");
        (int exitCode, string output, string error) = Command.Run("/", "sh", "-ec", script);
        if (exitCode != 0) Assert.Ignore($"'{script}' fails here: {output}{error}");
    }

    /// <summary>
    /// Ignores the test unless this user is root, and may have a child process run as nobody or mount something.
    /// </summary>
    public static void AssumeRoot()
    {
        Assume("test $(id -u) = 0; unshare -m mount -t tmpfs none /mnt");
        Assume($"setpriv --reuid=65534 --regid=65534 --clear-groups test -r '{CheckpointProgram}'");
    }

    /// <summary>
    /// A training run in a process of its own; its arguments are a file, steps, and steps between checkpoints.
    /// </summary>
    public static string CheckpointProgram { get; } = Repository.PathOf(
        "tests", "BinaryConnect.Core.CheckpointRuns", "bin", Configuration, "net10.0", "BinaryConnect.Core.CheckpointRuns.dll");

    private static string Configuration => AppContext.BaseDirectory.Contains("/Debug/") ? "Debug" : "Release";
}
