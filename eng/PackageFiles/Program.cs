using BinaryConnect.PackageFiles;

// Writes files of a package from those of the checkout. src/Directory.Build.targets runs it after the compiler:
//   documentation ASSEMBLY REFERENCE... FILE   leaves public members alone in the XML documentation
//   readme FROM TO                             writes a README without relative links
switch (args)
{
    case ["documentation", var assembly, .. var references, var file]:
        PublicDocumentation.Write(PublicMembers.Of(assembly, references), file);
        return 0;
    case ["readme", var from, var to]:
        File.WriteAllText(to, PackageReadme.From(File.ReadAllText(from)));
        return 0;
    default:
        Console.Error.WriteLine("The arguments are 'documentation ASSEMBLY REFERENCE... FILE' or 'readme FROM TO'.");
        return 2;
}
