using BinaryConnect.PackageFiles;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The README of the package, whose page cannot follow relative links.</summary>
internal sealed class PackageReadmeTests
{
    [TestCase("see [docs/results.md](docs/results.md).", "see docs/results.md.")]
    [TestCase("see [`docs/results.md`](docs/results.md).", "see `docs/results.md`.")]
    [TestCase("[The times](docs/performance.md#native-aot) are", "The times (docs/performance.md) are")]
    [TestCase("[licence](LICENSE \"a title\") and [more](<docs/more.md>)", "licence (LICENSE) and more (docs/more.md)")]
    [TestCase("[below](#more)", "below")]
    [TestCase("[up](../a.md), [root](/a.md)", "up (../a.md), root (/a.md)")]
    [TestCase("[two\r\nlines](docs/a.md)", "two\nlines (docs/a.md)")]
    [TestCase("![A picture](docs/curve.png)", "A picture")]
    [TestCase("[![A picture](docs/curve.png)](docs/results.md)", "A picture (docs/results.md)")]
    [TestCase("[![A picture](docs/curve.png)](https://example.org)", "[A picture](https://example.org)")]
    [TestCase("[![A badge](https://example.org/b.svg)](docs/ci.md)", "![A badge](https://example.org/b.svg) (docs/ci.md)")]
    [TestCase("[paper](https://arxiv.org/abs/1), [me](mailto:a@b.org)", "[paper](https://arxiv.org/abs/1), [me](mailto:a@b.org)")]
    [TestCase("`w[i](x)` and ``a`[b](c)``", "`w[i](x)` and ``a`[b](c)``")]
    [TestCase("```csharp\nw[i](x);\n```\n[a](b.md)\n~~~\n[c](d)\n~~~", "```csharp\nw[i](x);\n```\na (b.md)\n~~~\n[c](d)\n~~~")]
    [TestCase("shapes `[n, f]` and [n, f] (rows, features)", "shapes `[n, f]` and [n, f] (rows, features)")]
    [TestCase("[1]: https://example.org", "[1]: https://example.org")]
    [TestCase("<a href=\"https://example.org\">x</a>", "<a href=\"https://example.org\">x</a>")]
    public void Relative_links_become_text_and_all_else_stays(string readme, string expected) =>
        Assert.That(PackageReadme.From(readme), Is.EqualTo(expected));

    [TestCase("[1]: docs/a.md")]
    [TestCase("text\n <img src='docs/a.png'>")]
    [TestCase("<a class=\"x\" href=docs/a.md>a</a>")]
    public void A_link_of_another_kind_is_refused(string readme) =>
        Assert.That(
            () => PackageReadme.From(readme),
            Throws.TypeOf<InvalidDataException>().With.Message.Contain("it must be of the form [text](path)."));
}
