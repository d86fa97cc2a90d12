namespace BinaryConnect.Tests.Support;

/// <summary>A Python with a package, as an outside check.</summary>
internal static class Python
{
    // Python's own is tried as well, since another one may come first on the path.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Gives its command. Without one the test is ignored, or fails where the gate runs.</summary>
    /// <param name="package">The package, such as numpy.</param>
    public static string With(string package)
    {
        string? python = Array.Find(Candidates, candidate => Has(candidate, package));
        if (python is not null) return python;
        string missing = $"No python3 with {package} here; on Debian or Ubuntu: apt-get install python3-{package}.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Ignore(missing);
        return "";
    }

    private static bool Has(string python, string package)
    {
        try
        {
            return Command.Run(Path.GetTempPath(), python, "-c", $"import {package}").ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
