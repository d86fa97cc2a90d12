using System.Net.Sockets;
using System.Runtime.Versioning;
using BinaryConnect.Files;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Files;

/// <summary>Writes to a target that is a link, has a mode or a long name, or is no regular file.</summary>
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "links, modes and FIFOs of Unix")]
internal sealed class AtomicFileTargetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private TemporaryFolder _folder = null!;
    private string _path = "";

    private static IEnumerable<string> LongNames =>
    [
        .. Enumerable.Range(217, 39).Select(length => new string('n', length)),
        new string('é', 127),
        "層" + new string('n', 252),
    ];

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _path = _folder.PathOf("model.safetensors");
    }

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void A_link_is_followed_and_stays()
    {
        string real = _folder.PathOf("other/real");
        Directory.CreateDirectory(_folder.PathOf("other"));
        File.WriteAllText(real, "old");
        File.CreateSymbolicLink(_path, "other/real");

        AtomicFile.Write(_path, stream =>
        {
            stream.Write("new"u8);
            Assert.That(
                Directory.GetFiles(_folder.PathOf("other")),
                Has.Length.EqualTo(2),
                "the temporary file lies beside the real one");
        });

        Assert.That(File.ReadAllText(real), Is.EqualTo("new"));
        Assert.That(new FileInfo(_path).LinkTarget, Is.EqualTo("other/real"));
        Assert.That(Directory.GetFiles(_folder.PathOf("other")), Is.EqualTo(new[] { real }));
    }

    [Test]
    public void So_is_a_chain_of_links_through_linked_folders()
    {
        Directory.CreateDirectory(_folder.PathOf("a/b"));
        File.WriteAllText(_folder.PathOf("a/real"), "old");
        File.CreateSymbolicLink(_folder.PathOf("alias"), "a/b");

        // '..' in the target of a link starts at the link's real folder, a/b: it is a, and not the folder of the alias.
        File.CreateSymbolicLink(_folder.PathOf("a/b/second"), "../real");
        File.CreateSymbolicLink(_folder.PathOf("a/b/first"), _folder.PathOf("alias/./second"));

        AtomicFile.Write(_folder.PathOf("alias/first"), stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(_folder.PathOf("a/real")), Is.EqualTo("new"));
        Assert.That(
            Shell.Run(_folder.Path, "find . | sort | tr '\\n' ' '"),
            Is.EqualTo(". ./a ./a/b ./a/b/first ./a/b/second ./a/real ./alias"));
        Assert.That(new FileInfo(_folder.PathOf("a/b/second")).LinkTarget, Is.EqualTo("../real"));
    }

    [Test]
    public void A_link_to_nothing_makes_its_target()
    {
        File.CreateSymbolicLink(_path, "later");

        AtomicFile.Write(_path, stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(_folder.PathOf("later")), Is.EqualTo("new"));
        Assert.That(new FileInfo(_path).LinkTarget, Is.EqualTo("later"));
    }

    [Test]
    public void A_link_into_no_folder_and_a_loop_are_refused()
    {
        File.CreateSymbolicLink(_path, "none/later");
        File.CreateSymbolicLink(_folder.PathOf("one"), "other");
        File.CreateSymbolicLink(_folder.PathOf("other"), "one");

        AssertRefused<DirectoryNotFoundException>(_path, $"There is no folder '{_folder.PathOf("none")}'; it must exist.");
        AssertRefused<IOException>(
            _folder.PathOf(
                "one"), $"'{_folder.PathOf("one")}' leads through more than 40 symbolic links; it must lead to a file.");
    }

    [TestCase("600")]
    [TestCase("400", Description = "for root, whom a mode does not stop")]
    [TestCase("640")]
    [TestCase("666")]
    [TestCase("755")]
    [TestCase("4710")]
    [TestCase("2770")]
    public void The_mode_is_kept_and_nobody_may_read_more_meanwhile(string digits)
    {
        var mode = (UnixFileMode)Convert.ToInt32(digits, 8);
        File.WriteAllText(_path, "old");
        File.SetUnixFileMode(_path, mode);
        if (!mode.HasFlag(UnixFileMode.UserWrite)) Shell.Assume("test $(id -u) = 0");

        AtomicFile.Write(_path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            string temporary = Directory.GetFiles(_folder.Path, "*.tmp").Single();
            Assert.That(
                File.GetUnixFileMode(temporary) & ~(mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite)),
                Is.EqualTo(UnixFileMode.None));
        });

        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(mode));
        Assert.That(File.ReadAllText(_path), Is.EqualTo("new"));
    }

    [Test]
    public void A_new_file_has_the_mode_of_any_new_file()
    {
        string other = _folder.Write("other", [1]);

        AtomicFile.Write(_path, stream => stream.Write("new"u8));

        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(File.GetUnixFileMode(other)));
    }

    [Test]
    public void Root_leaves_a_file_to_its_owner_and_group()
    {
        File.WriteAllText(_path, "old");
        Shell.Assume($"chown 12345:23456 '{_path}'; chmod 640 '{_path}'");

        AtomicFile.Write(_path, stream => stream.Write("new"u8));

        Assert.That(Shell.Run(_folder.Path, $"stat -c '%u:%g %a' '{_path}'"), Is.EqualTo("12345:23456 640"));
    }

    [Test]
    public void A_FIFO_is_refused_without_being_opened()
    {
        Shell.Assume($"mkfifo '{_path}'");
        AssertRefusedAtOnce($"'{_path}' is a FIFO; it must be a regular file that can be replaced, or not be there.");
        Assert.That(Shell.Run(_folder.Path, $"stat -c %F '{_path}'"), Is.EqualTo("fifo"));
    }

    [Test]
    public void A_FIFO_is_not_read()
    {
        Shell.Assume($"mkfifo '{_path}'");
        Task open = Task.Run(() => SafetensorsReader.Open(_path).Dispose());

        Assert.That(
            () => open.Wait(Patience),
            Throws.TypeOf<AggregateException>().With.InnerException.TypeOf<IOException>()
                .And.InnerException.Message.EqualTo(
                    $"{_path}: it is a folder, FIFO, socket or device; it must be a regular file."));
    }

    [Test]
    public void Folders_sockets_and_devices_are_not_read_either()
    {
        Shell.Assume("test -c /dev/zero");
        foreach (string path in new[] { _folder.Path, "/dev/zero" })
            Assert.That(
                () => SafetensorsReader.Open(path),
                Throws.TypeOf<IOException>().With.Message.StartsWith($"{path}: it is a folder, "));
    }

    [Test]
    public void A_socket_is_refused()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_path));
        Shell.Assume($"test -S '{_path}'");

        AssertRefusedAtOnce($"'{_path}' is a socket; it must be a regular file that can be replaced, or not be there.");
        Shell.Run("/", $"test -S '{_path}'");
    }

    [Test]
    public void A_device_is_refused_through_a_link_and_by_its_name()
    {
        Shell.Assume("test -c /dev/null");
        File.CreateSymbolicLink(_path, "/dev/null");

        AssertRefused<IOException>(
            _path, "'/dev/null' is a device; it must be a regular file that can be replaced, or not be there.");
        AssertRefused<IOException>(
            "/dev/null", "'/dev/null' is a device; it must be a regular file that can be replaced, or not be there.");
        Shell.Run("/", "test -c /dev/null");
    }

    [Test]
    public void A_device_node_of_ones_own_is_refused()
    {
        Shell.Assume($"mknod '{_path}' b 7 99");

        AssertRefusedAtOnce($"'{_path}' is a device; it must be a regular file that can be replaced, or not be there.");
        Shell.Run("/", $"test -b '{_path}'");
    }

    [Test]
    public void A_folder_is_refused_through_a_link()
    {
        Directory.CreateDirectory(_folder.PathOf("sub"));
        File.CreateSymbolicLink(_path, "sub");

        AssertRefusedAtOnce(
            $"'{_folder.PathOf("sub")}' is a folder; it must be a regular file that can be replaced, or not be there.");
    }

    [Test]
    public void A_file_that_cannot_be_changed_is_found_beforehand()
    {
        File.WriteAllText(_path, "old");
        Shell.Assume($"chattr +i '{_path}'");
        try
        {
            Assert.That(() => AtomicFile.CheckWritable(_path), Throws.TypeOf<UnauthorizedAccessException>()
                .With.Message.EqualTo($"'{_path}' may not be written. Operation not permitted."));
            Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { _path }));
        }
        finally
        {
            Shell.Run("/", $"chattr -i '{_path}'");
        }
    }

    [TestCaseSource(nameof(LongNames))]
    public void A_name_of_any_legal_length_is_written(string name)
    {
        string path = _folder.PathOf(name);
        foreach (string content in new[] { "first", "second" })
        {
            AtomicFile.CheckWritable(path);
            AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)));
            Assert.That(File.ReadAllText(path), Is.EqualTo(content));
        }

        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_check_changes_nothing()
    {
        string content = "old";
        File.WriteAllText(_path, content);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        DateTime time = DateTime.UtcNow.AddDays(-1);
        File.SetLastWriteTimeUtc(_path, time);

        AtomicFile.CheckWritable(_path);
        AtomicFile.CheckWritable(_folder.PathOf("none"));

        Assert.That(File.ReadAllText(_path), Is.EqualTo(content));
        Assert.That(File.GetLastWriteTimeUtc(_path), Is.EqualTo(time));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _path }));
    }

    [Test]
    public void Where_nothing_can_be_made_a_check_says_so()
    {
        Shell.Assume("test -d /proc");
        Assert.That(
            () => AtomicFile.CheckWritable("/proc/run.safetensors"),
            Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(
            () => AtomicFile.CheckWritable(
                "/proc/self/status"), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(() => AtomicFile.CheckWritable(_folder.PathOf(new string('n', 256))), Throws.InstanceOf<IOException>());
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_FIFO_named_like_a_temporary_file_does_not_block_and_stays()
    {
        string temporary = TemporaryFile.PathFor(_path);
        Shell.Assume($"mkfifo '{temporary}'; touch -d '2 days ago' '{temporary}'");

        Assert.That(Task.Run(() => AtomicFile.Write(_path, stream => stream.Write("new"u8))).Wait(Patience));

        Assert.That(Directory.GetFiles(_folder.Path), Is.EquivalentTo(new[] { _path, temporary }));
    }

    private void AssertRefusedAtOnce(string message)
    {
        Assert.That(Task.Run(() => AssertRefused<IOException>(_path, message)).Wait(Patience), "it was not refused in time");
        Assert.That(Directory.GetFiles(_folder.Path, "*.tmp"), Is.Empty);
    }

    private static void AssertRefused<T>(string path, string message)
        where T : IOException
    {
        Assert.That(
            () => AtomicFile.Write(path, _ => Assert.Fail("nothing may be written")),
            Throws.TypeOf<T>().With.Message.EqualTo(message));
        Assert.That(() => AtomicFile.CheckWritable(path), Throws.TypeOf<T>().With.Message.EqualTo(message));
    }
}
