using System.Xml.Linq;

namespace BinaryConnect.PackageFiles;

/// <summary>XML documentation without internal members. The compiler writes every documented member, for users to see or not.</summary>
internal static class PublicDocumentation
{
    /// <summary>Writes the file again, with these members alone.</summary>
    public static void Write(IReadOnlySet<string> members, string from, string to)
    {
        XDocument file = XDocument.Load(from, LoadOptions.PreserveWhitespace);
        foreach (XElement member in file.Descendants("member").ToList())
        {
            if (members.Contains(member.Attribute("name")!.Value)) continue;
            if (member.NextNode is XText blank && string.IsNullOrWhiteSpace(blank.Value)) blank.Remove();
            member.Remove();
        }

        file.Save(to, SaveOptions.DisableFormatting);
    }
}
