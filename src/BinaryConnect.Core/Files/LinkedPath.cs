namespace BinaryConnect.Files;

/// <summary>Follows symbolic links to the real place of a file, or to the place of a new one.</summary>
internal static class LinkedPath
{
    // The limit of Linux.
    private const int MostLinks = 40;

    /// <summary>The path without links, whether a file exists there or not.</summary>
    /// <exception cref="IOException">There are more than 40 links, as in a loop.</exception>
    public static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) return ResolveOnWindows(full);

        // Name by name, as the system does: a relative link starts at the real path of its folder.
        var names = new Stack<string>();
        Push(names, full);
        string resolved = "/";
        int links = 0;
        while (names.TryPop(out string? name))
        {
            if (name == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? "/";
                continue;
            }

            string next = Path.Combine(resolved, name);
            if (new FileInfo(next).LinkTarget is not string link)
            {
                resolved = next;
                continue;
            }

            if (++links > MostLinks)
                throw new IOException($"'{path}' leads through more than {MostLinks} symbolic links; it must lead to a file.");
            if (Path.IsPathRooted(link)) resolved = "/";
            Push(names, link);
        }

        return resolved;
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (string name in path.Split('/').Reverse())
        {
            if (name is not ("" or ".")) names.Push(name);
        }
    }

    private static string ResolveOnWindows(string full)
    {
        var file = new FileInfo(full);
        bool isLink = file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint);
        return isLink ? file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full : full;
    }
}
