using System.IO.Compression;
using System.Security.Cryptography;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Data;

/// <summary>The MNIST files of the repository are the original ones.</summary>
internal sealed class MnistFilesTests
{
    [TestCase("train-images-idx3-ubyte.gz", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")]
    [TestCase("train-labels-idx1-ubyte.gz", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")]
    [TestCase("t10k-images-idx3-ubyte.gz", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")]
    [TestCase("t10k-labels-idx1-ubyte.gz", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")]
    public void Unpacked_bytes_have_the_published_checksum_which_the_readme_states(string name, string checksum)
    {
        using FileStream file = File.OpenRead(Path.Combine(MnistData.Folder, name));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);

        Assert.That(Convert.ToHexStringLower(SHA256.HashData(unpacked)), Is.EqualTo(checksum));
        Assert.That(
            File.ReadAllLines(Path.Combine(MnistData.Folder, "README.md")), Has.One.EqualTo($"| `{name}` | `{checksum}` |"));
    }

    [Test]
    public void The_readme_names_authors_and_licence()
    {
        string readme = File.ReadAllText(Path.Combine(MnistData.Folder, "README.md"));

        Assert.That(readme, Does.Contain("Y. LeCun and C. Cortes").And.Contain("Attribution-ShareAlike 3.0"));
    }
}
