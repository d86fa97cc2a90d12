using System.Reflection;
using BinaryConnect.Models;

namespace BinaryConnect.Samples.Experiments;

/// <summary>The version of the library that an experiment used.</summary>
internal static class LibraryVersion
{
    /// <summary>Such as "BinaryConnect.Core 0.2.0".</summary>
    public static string Text { get; } = $"BinaryConnect.Core {Version.InformationalVersion.Split('+')[0]}";

    private static AssemblyInformationalVersionAttribute Version =>
        typeof(LogisticModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
}
