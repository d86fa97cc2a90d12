using System.Reflection;
using System.Runtime.InteropServices;

namespace BinaryConnect.Training.Checkpoints;

/// <summary>The versions that a file names as its writer.</summary>
internal static class LibraryVersion
{
    /// <summary>Library and runtime: "BinaryConnect.Core 0.2.0, .NET 10.0.1".</summary>
    public static string Text { get; } = $"BinaryConnect.Core {Library()}, {RuntimeInformation.FrameworkDescription}";

    // Without the commit, which the build adds after a plus sign.
    private static string Library()
    {
        Assembly assembly = typeof(LibraryVersion).Assembly;
        string? version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return version?.Split('+')[0] ?? $"{assembly.GetName().Version}";
    }
}
