using System.Xml.Linq;
using BinaryConnect.PackageFiles;

namespace BinaryConnect.Tests.Packaging;

/// <summary>Names of members as the compiler writes them into XML documentation, and who sees them.</summary>
internal sealed class PublicMembersTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static readonly string Documentation = Path.ChangeExtension(typeof(PublicMembersTests).Assembly.Location, ".xml");

    private static readonly XElement[] Shapes =
        [.. XDocument.Load(Documentation).Descendants("member").Where(member => Name(member).Contains("Shapes`1", Ordinal))];

    [Test]
    public void Members_that_other_assemblies_see_are_found_by_the_compilers_names()
    {
        IReadOnlySet<string> members = PublicMembers.Of(typeof(PublicMembersTests).Assembly);

        IEnumerable<string> found = Shapes.Select(Name).Where(members.Contains);
        Assert.That(found, Is.EquivalentTo(Shapes.Where(IsSeen).Select(Name)));
        Assert.That(Shapes.Count(IsSeen), Is.EqualTo(20));
        Assert.That(Shapes, Has.Length.EqualTo(32));
    }

    [Test]
    public void What_is_written_keeps_their_text_and_drops_the_others()
    {
        using var folder = new Support.TemporaryFolder();
        string file = folder.PathOf("documentation.xml");
        File.WriteAllText(file, """
            <?xml version="1.0"?>
            <doc>
                <members>
                    <member name="T:A">
                        <summary>A &lt; B, <see cref="T:A"/> – kept</summary>
                    </member>
                    <member name="T:Hidden">
                        <summary>dropped</summary>
                    </member>
                    <member name="M:A.B">
                        <inheritdoc/>
                    </member>
                </members>
            </doc>
            """);

        PublicDocumentation.Write(new HashSet<string> { "T:A", "M:A.B" }, file);

        Assert.That(File.ReadAllText(file).ReplaceLineEndings("\n").Replace(" />", "/>", Ordinal), Does.EndWith("""
            <doc>
                <members>
                    <member name="T:A">
                        <summary>A &lt; B, <see cref="T:A"/> – kept</summary>
                    </member>
                    <member name="M:A.B">
                        <inheritdoc/>
                    </member>
                </members>
            </doc>
            """.ReplaceLineEndings("\n")));
    }

    private static string Name(XElement member) => member.Attribute("name")!.Value;

    private static bool IsSeen(XElement member) =>
        member.Element("summary")!.Value.Trim().StartsWith("seen", Ordinal);
}
