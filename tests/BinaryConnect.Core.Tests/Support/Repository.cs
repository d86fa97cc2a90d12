namespace BinaryConnect.Tests.Support;

/// <summary>The checkout the tests were built from.</summary>
internal static class Repository
{
#if DEBUG
    /// <summary>The configuration that built the tests, and the programs that they run.</summary>
    public const string Configuration = "Debug";
#else
    /// <summary>The configuration that built the tests, and the programs that they run.</summary>
    public const string Configuration = "Release";
#endif

    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BinaryConnect.Core.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException(
            $"No BinaryConnect.Core.sln above '{AppContext.BaseDirectory}'; run the tests from a checkout.");
    }
}
