namespace BinaryConnect.Tests.Support;

/// <summary>A Python with NumPy, as an outside check.</summary>
internal static class NumPy
{
    // Python's own is tried as well, since another one may come first on the path.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Gives its command. Without one the test is ignored, or fails where the gate runs.</summary>
    public static string Find()
    {
        const string Missing = "No python3 with numpy here; on Debian or Ubuntu: apt-get install python3-numpy.";
        string? python = Array.Find(Candidates, HasNumPy);
        if (python is not null) return python;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Missing);
        Assert.Ignore(Missing);
        return "";
    }

    private static bool HasNumPy(string python)
    {
        try
        {
            return Command.Run(Path.GetTempPath(), python, "-c", "import numpy").ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
