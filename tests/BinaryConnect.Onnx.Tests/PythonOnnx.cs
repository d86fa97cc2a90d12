namespace BinaryConnect.Onnx.Tests;

/// <summary>A Python with the package onnx, whose checker knows the rules of the format.</summary>
internal static class PythonOnnx
{
    // Python's own is tried as well, since another one may come first on the path.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Gives its command. Without one the test is ignored, or fails where the gate runs.</summary>
    public static string Find()
    {
        const string Missing = "No python3 with onnx here; on Debian or Ubuntu: apt-get install python3-onnx.";
        string? python = Array.Find(Candidates, HasOnnx);
        if (python is not null) return python;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Missing);
        Assert.Ignore(Missing);
        return "";
    }

    private static bool HasOnnx(string python)
    {
        try
        {
            return Command.Run(Path.GetTempPath(), python, "-c", "import onnx").ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
