using IOPath = System.IO.Path;

namespace BinaryConnect.Tests.Support;

/// <summary>A copy of the library's sources in a git repository of its own.</summary>
internal sealed class SourceCopy : IDisposable
{
    private static readonly string[] Folders = ["src", "eng"];
    private static readonly string[] BuildFolders = ["bin", "obj"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Copies the files and commits them.</summary>
    public SourceCopy()
    {
        Directory.CreateDirectory(Path);
        foreach (string file in Directory.GetFiles(Repository.Root).Where(IsSource))
            File.Copy(file, IOPath.Combine(Path, IOPath.GetFileName(file)));
        foreach (string folder in Folders) Copy(new DirectoryInfo(Repository.PathOf(folder)), IOPath.Combine(Path, folder));
        Git("init", "--quiet");
        Git("add", "--all");
        Commit("first");
    }

    /// <summary>The repository's folder.</summary>
    public string Path => _folder.PathOf("repository");

    /// <summary>A folder beside the repository.</summary>
    public string Beside(string name) => _folder.PathOf(name);

    /// <summary>Commits all added files; there may be none.</summary>
    public void Commit(string message) => Git(
        "-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false",
        "commit", "--quiet", "--allow-empty", "--message", message);

    /// <summary>Runs git in the repository, and in no other.</summary>
    public void Git(params string[] arguments) =>
        Command.Succeed(Path, "git", ["--git-dir", IOPath.Combine(Path, ".git"), "--work-tree", Path, .. arguments]);

    /// <summary>Clones it. git ignores a depth unless the source is a URL.</summary>
    public void Clone(string option, string folder) =>
        Command.Succeed(Path, "git", "clone", "--quiet", option, new Uri(Path).AbsoluteUri, folder);

    /// <summary>The files of the last commit in another folder, without git's.</summary>
    public string Export(string name)
    {
        string folder = Directory.CreateDirectory(Beside(name)).FullName;
        Git("archive", "--format", "tar", "--output", folder + ".tar", "HEAD");
        System.Formats.Tar.TarFile.ExtractToDirectory(folder + ".tar", folder, overwriteFiles: false);
        return folder;
    }

    public void Dispose() => _folder.Dispose();

    // In a worktree .git is a file that names the repository of the checkout: a copy of it would commit there.
    private static bool IsSource(string file) => IOPath.GetFileName(file) != ".git";

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.GetFiles()) file.CopyTo(IOPath.Combine(to, file.Name));
        foreach (DirectoryInfo folder in from.GetDirectories().Where(folder => !BuildFolders.Contains(folder.Name)))
            Copy(folder, IOPath.Combine(to, folder.Name));
    }
}
