using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The warning of the package where a native image is published without an instruction set.</summary>
internal sealed class NativeWarningTests
{
    private const string Native = "-p:PublishAot=true", X64 = "-p:RuntimeIdentifier=linux-x64";

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        Package.WriteNuGetConfig(_folder);
        File.WriteAllText(_folder.PathOf("App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesPath>{_folder.PathOf("packages")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="BinaryConnect.Core" Version="{Package.Version}" />
              </ItemGroup>
            </Project>
            """);
        Command.Succeed(_folder.Path, "dotnet", "restore");
    }

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void An_x64_image_without_an_instruction_set_is_warned_of()
    {
        string output = Prepare(Native, X64);

        Assert.That(
            output,
            Does.Contain(
                "warning BCAOT1: 'PublishAot' is set without 'IlcInstructionSet', so the native image has 128-bit registers on "
                + "any machine. Set 'IlcInstructionSet' to 'x86-64-v3' (AVX2) or 'x86-64-v4' (AVX-512), or "
                + "'WarnOfBinaryConnectInstructionSet' to 'false'."));
        Assert.That(output.Split("BCAOT1"), Has.Length.EqualTo(2), "it is said once");
    }

    [TestCase(Native, X64, "-p:IlcInstructionSet=x86-64-v3")]
    [TestCase(Native, X64, "-p:IlcInstructionSet=native")]
    [TestCase(Native, X64, "-p:WarnOfBinaryConnectInstructionSet=false")]
    [TestCase(Native, X64, "-p:NoWarn=BCAOT1")]
    [TestCase(Native, "-p:RuntimeIdentifier=linux-arm64")]
    [TestCase(X64)]
    public void Anything_else_is_silent(params string[] properties)
    {
        Assert.That(Prepare(properties), Does.Not.Contain("warning"));
    }

    // The step of a publish before which the package speaks; the compiler itself is not needed.
    private string Prepare(params string[] properties) =>
        Command.Succeed(_folder.Path, "dotnet", ["msbuild", "App.csproj", "-nologo", "-t:PrepareForPublish", .. properties]);
}
