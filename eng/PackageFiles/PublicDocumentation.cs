using System.Xml.Linq;

namespace BinaryConnect.PackageFiles;

/// <summary>
/// XML documentation without internal members. The compiler writes every documented member, for users to see or not.
/// </summary>
internal static class PublicDocumentation
{
    /// <summary>Writes the file again, with these members alone.</summary>
    public static void Write(IReadOnlySet<string> members, string file)
    {
        XDocument documentation = XDocument.Load(file, LoadOptions.PreserveWhitespace);
        foreach (XElement member in documentation.Descendants("member").ToList())
        {
            if (members.Contains(member.Attribute("name")!.Value)) continue;
            if (member.NextNode is XText blank && string.IsNullOrWhiteSpace(blank.Value)) blank.Remove();
            member.Remove();
        }

        documentation.Save(file, SaveOptions.DisableFormatting);
    }
}
