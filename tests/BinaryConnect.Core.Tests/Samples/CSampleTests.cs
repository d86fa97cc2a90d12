using System.Globalization;
using System.Text;
using BinaryConnect.Data;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Export;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples;

/// <summary>The examples of C compile with exported source.</summary>
internal sealed class CSampleTests
{
    private static readonly string Root = Repository.PathOf("samples", "c");

    private static readonly PackedModel Model = ModelPacker.Pack(new LogisticModel(
        new LogisticModelOptions { Features = 784, Classes = 10, InitialMinimum = -1, Seed = 1 }));

    [Test]
    public void The_makefile_builds_a_program_that_classifies()
    {
        CCompiler.Require("gcc", "gcc libc6-dev");
        Shell.Assume("make --version");
        using TemporaryFolder folder = Copy("make");
        IdxArray all = IdxReader.Read(Path.Combine(MnistData.Folder, "t10k-images-idx3-ubyte.gz"));
        byte[] images = all.Values[..(784 * 20)].ToArray();
        int[] classes = new int[20];
        Model.Predict(images, classes);
        folder.Write("images", images);

        Shell.Run(folder.Path, "make CC=gcc test classify");
        string output = Shell.Run(folder.Path, "./classify < images");

        Assert.That(output.Split('\n'), Is.EqualTo(
            classes.Select(label => label.ToString(CultureInfo.InvariantCulture))));
    }

    // Arduino's and Zephyr's own headers are large, and are replaced by what the examples use of them.
    [Test]
    public void The_sketch_and_the_application_compile()
    {
        CCompiler.Require("clang", "clang");
        using TemporaryFolder sketch = Copy("arduino", "digits"), application = Copy("zephyr", "src");
        sketch.Write("Arduino.h", Encoding.UTF8.GetBytes("""
            #include <stddef.h>
            struct Port { void begin(long); size_t readBytes(unsigned char *, size_t); void println(int); };
            extern Port Serial;

            """));
        Directory.CreateDirectory(application.PathOf("zephyr/sys"));
        application.Write("zephyr/kernel.h", []);
        application.Write("zephyr/sys/printk.h", "void printk(const char *, ...);\n"u8.ToArray());

        Command.Succeed(
            sketch.Path, "clang", "-x", "c++", "-std=c++11", "-Wall", "-Werror", "-fsyntax-only", "-include", "Arduino.h",
            "digits.ino");
        Command.Succeed(
            application.Path, "clang", [.. CCompiler.Strict, "-I.", "-DDIGITS_NO_MAIN", "-fsyntax-only", "main.c", "digits.c",
            "digits_test.c"]);
    }

    private static TemporaryFolder Copy(params string[] names)
    {
        var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Path.Combine([Root, .. names])))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        CSourceExporter.Write(Model, folder.Path);
        return folder;
    }
}
