using BinaryConnect.Files;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Files;

internal sealed class AtomicFileTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _path = _folder.PathOf("model.safetensors");
    }

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void A_new_file_holds_what_was_written()
    {
        AtomicFile.Write(_path, stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(_path), Is.EqualTo("new"));
        AssertNoTemporaryFiles();
    }

    [Test]
    public void A_file_is_replaced_by_longer_shorter_and_empty_content()
    {
        foreach (string content in new[] { "some", "something longer", "less", "" })
        {
            AtomicFile.Write(_path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)));
            Assert.That(File.ReadAllText(_path), Is.EqualTo(content));
        }

        AssertNoTemporaryFiles();
    }

    [Test]
    public void The_old_content_stands_until_the_new_is_whole()
    {
        File.WriteAllText(_path, "old");

        AtomicFile.Write(_path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.That(File.ReadAllText(_path), Is.EqualTo("old"));
        });

        Assert.That(File.ReadAllText(_path), Is.EqualTo("new"));
    }

    [Test]
    public void A_failure_in_the_middle_leaves_the_old_file_and_no_temporary_file()
    {
        File.WriteAllText(_path, "old");
        var fault = new InvalidOperationException("in the middle");

        Assert.That(
            () => AtomicFile.Write(_path, stream =>
            {
                stream.Write(new byte[100_000]);
                throw fault;
            }),
            Throws.Exception.SameAs(fault));

        Assert.That(File.ReadAllText(_path), Is.EqualTo("old"));
        AssertNoTemporaryFiles();
    }

    [Test]
    public void A_failure_leaves_no_file_where_there_was_none()
    {
        Assert.That(() => AtomicFile.Write(_path, _ => throw new InvalidOperationException()), Throws.InvalidOperationException);

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_target_that_cannot_be_replaced_leaves_no_temporary_file()
    {
        Directory.CreateDirectory(_path);

        Assert.That(
            () => AtomicFile.Write(_path, stream => stream.Write("new"u8)),
            Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _path }));
    }

    [Test]
    public void Temporary_files_of_killed_processes_are_removed_by_the_next_write()
    {
        for (int i = 0; i < 3; i++) Temporary("model.safetensors", TimeSpan.FromMinutes(2));

        AtomicFile.Write(_path, stream => stream.Write("new"u8));

        AssertNoTemporaryFiles();
    }

    [Test]
    public void A_write_that_fails_removes_them_too()
    {
        Temporary("model.safetensors", TimeSpan.FromDays(2));

        Assert.That(() => AtomicFile.Write(_path, _ => throw new InvalidOperationException()), Throws.InvalidOperationException);

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void What_may_be_another_s_is_left_alone()
    {
        string young = Path.GetFileName(
            Temporary(
                "model.safetensors", TimeSpan.FromSeconds(20))), open = Temporary("model.safetensors", TimeSpan.FromDays(2));
        string[] others =
        [
            Temporary("model", TimeSpan.FromDays(2)),
            Temporary("other.safetensors", TimeSpan.FromDays(2)),
            Temporary("model.safetensors.old", TimeSpan.FromDays(2)),
            Old("model.safetensors.tmp"),
            Old("binaryconnect-.tmp"),
            Old(young[..^4]),
            Old(young[..^5] + "z.tmp"),
            Old(young[..^4] + "0.tmp"),
            Old($"model.safetensors.{Guid.NewGuid():N}.tmp"),
        ];
        using (new FileStream(open, FileMode.Open, FileAccess.Write, FileShare.Delete))
        {
            AtomicFile.Write(_path, stream => stream.Write("new"u8));
        }

        Assert.That(
            Directory.EnumerateFiles(_folder.Path),
            Is.EquivalentTo(others.Append(_folder.PathOf(young)).Append(open).Append(_path)));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "no file has such a name there")]
    public void A_name_of_wildcards_means_itself()
    {
        string path = _folder.PathOf("m*?[a].safetensors"), other = Temporary("model.safetensors", TimeSpan.FromDays(2));
        Temporary("m*?[a].safetensors", TimeSpan.FromDays(2));

        AtomicFile.Write(path, stream => stream.Write("new"u8));

        Assert.That(Directory.EnumerateFiles(_folder.Path), Is.EquivalentTo(new[] { path, other }));
    }

    [Test]
    public void Many_writers_at_once_each_write_a_whole_file()
    {
        const int Length = 20_000;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            byte[] content = new byte[Length];
            Array.Fill(content, (byte)i);
            AtomicFile.Write(_path, stream => stream.Write(content));
            byte[] read = File.ReadAllBytes(_path);
            Assert.That(read, Has.Length.EqualTo(Length));
            Assert.That(read, Is.All.EqualTo(read[0]));
        });

        AssertNoTemporaryFiles();
    }

    [Test]
    public void A_relative_path_is_taken_from_the_present_folder()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _path);

        AtomicFile.Write(relative, stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(_path), Is.EqualTo("new"));
    }

    [Test]
    public void A_folder_that_does_not_exist_is_named()
    {
        string path = _folder.PathOf("none/model.safetensors");

        Assert.That(
            () => AtomicFile.Write(path, _ => { }),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains(_folder.PathOf("none")));
    }

    [Test]
    public void Arguments_must_name_something()
    {
        Assert.That(
            () => AtomicFile.Write(null!, _ => { }), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => AtomicFile.Write("", _ => { }), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        Assert.That(
            () => AtomicFile.Write(_path, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("write"));
    }

    private void AssertNoTemporaryFiles() =>
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _path }));

    // Named as a write of the target names it.
    private string Temporary(string target, TimeSpan age) =>
        Aged(Path.GetFileName(TemporaryFile.PathFor(_folder.PathOf(target))), age);

    private string Old(string name) => Aged(name, TimeSpan.FromDays(2));

    private string Aged(string name, TimeSpan age)
    {
        string path = _folder.Write(name, [1, 2, 3]);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
        return path;
    }
}
