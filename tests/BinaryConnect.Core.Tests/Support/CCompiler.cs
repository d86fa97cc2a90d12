namespace BinaryConnect.Tests.Support;

/// <summary>Compilers of C, which hold exported source to the library.</summary>
internal static class CCompiler
{
    public static readonly string[] Strict = ["-std=c99", "-Wall", "-Wextra", "-Werror"];

    /// <summary>
    /// Ignores the test without a program that works with these arguments, or lets it fail where the gate runs.
    /// </summary>
    public static void Require(string program, string package, params string[] arguments)
    {
        if (Works(program, arguments)) return;
        string missing = $"No {program} {string.Join(' ', arguments)} here; on Debian: apt-get install {package}.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Ignore(missing);
    }

    private static bool Works(string program, string[] arguments)
    {
        using var folder = new TemporaryFolder();
        folder.Write("empty.c", "#include <string.h>\nint main(void) { return 0; }\n"u8.ToArray());
        try
        {
            return Command.Run(folder.Path, program, [.. arguments, "empty.c", "-o", "empty"]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
