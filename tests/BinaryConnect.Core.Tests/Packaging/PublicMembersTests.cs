using System.Xml.Linq;
using BinaryConnect.PackageFiles;

namespace BinaryConnect.Tests.Packaging;

/// <summary>Names of members as the compiler writes them into XML documentation, and who sees them.</summary>
internal sealed class PublicMembersTests
{
    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(PublicMembersTests).Assembly.Location, ".xml"));

    private static IEnumerable<XElement> Shapes => Documentation.Descendants("member").Where(member => Name(member).Contains("DocumentedShapes`1", StringComparison.Ordinal));

    [Test]
    public void Members_that_other_assemblies_see_are_found_by_the_compilers_names()
    {
        IReadOnlySet<string> members = PublicMembers.Of(typeof(PublicMembersTests).Assembly);

        Assert.That(Shapes.Where(member => members.Contains(Name(member))).Select(Name), Is.EquivalentTo(Shapes.Where(IsSeen).Select(Name)));
        Assert.That(Shapes.Count(IsSeen), Is.EqualTo(20));
        Assert.That(Shapes.Count(), Is.EqualTo(32));
    }

    [Test]
    public void What_is_written_keeps_their_text_and_drops_the_others()
    {
        using var folder = new Support.TemporaryFolder();
        string from = folder.PathOf("from.xml"), to = folder.PathOf("to.xml");
        File.WriteAllText(from, """
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

        PublicDocumentation.Write(new HashSet<string> { "T:A", "M:A.B" }, from, to);

        Assert.That(File.ReadAllText(to).ReplaceLineEndings("\n").Replace(" />", "/>", StringComparison.Ordinal), Does.EndWith("""
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

    private static bool IsSeen(XElement member) => member.Element("summary")!.Value.Trim().StartsWith("seen", StringComparison.Ordinal);
}
