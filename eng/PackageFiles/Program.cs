using BinaryConnect.PackageFiles;

// Writes files of a package from those of the checkout. src/Directory.Build.targets runs it after the compiler:
//   documentation ASSEMBLY REFERENCE... FROM TO   XML documentation of the public members alone
//   readme FROM TO                                 a README without relative links
switch (args)
{
    case ["documentation", var assembly, .. var references, var from, var to]:
        PublicDocumentation.Write(PublicMembers.Of(assembly, references), from, to);
        return 0;
    case ["readme", var from, var to]:
        File.WriteAllText(to, PackageReadme.From(File.ReadAllText(from)));
        return 0;
    default:
        Console.Error.WriteLine("The arguments are 'documentation ASSEMBLY REFERENCE... FROM TO' or 'readme FROM TO'.");
        return 2;
}
