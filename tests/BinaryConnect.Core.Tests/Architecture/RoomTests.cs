using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>Holds the sources of the library to its layout: which folder may use which, and what a file is called.</summary>
internal sealed partial class RoomTests
{
    private const int LongestFile = 300;

    /// <summary>What a folder may use besides Guards and Settings, which are open to all.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Guards"] = [],
        ["Settings"] = [],
        ["Kernels"] = [],
        ["Files"] = [],
        ["Data"] = ["Kernels"],
        ["Binarization"] = ["Kernels"],
        ["Models"] = ["Kernels", "Data", "Binarization"],
        ["Losses"] = ["Kernels"],
        ["Optimizers"] = ["Kernels", "Models"],
        ["Schedules"] = [],
        ["Training"] = ["Kernels", "Files", "Data", "Binarization", "Models", "Losses", "Optimizers", "Schedules"],
    };

    private static readonly string Library = Repository.PathOf("src", "BinaryConnect.Core");

    private static IEnumerable<string> Rooms => MayUse.Keys;

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Library, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Library, file))
        .Where(file => !file.StartsWith("bin", StringComparison.Ordinal) && !file.StartsWith("obj", StringComparison.Ordinal));

    [Test]
    public void Every_source_lies_in_a_known_room() =>
        Assert.That(Sources.Select(Room).Distinct(), Is.SubsetOf(Rooms));

    [TestCaseSource(nameof(Rooms))]
    public void A_room_uses_only_what_it_may(string room)
    {
        var arrows = new List<string>();
        foreach (string file in Sources.Where(file => Room(file) == room))
        {
            string code = Code(file);
            IEnumerable<string> used = Rooms.Where(other => other != room && !MayUseOther(room, other) && Mentions(code, other));
            arrows.AddRange(used.Select(other => $"{file} -> {other}"));
        }

        Assert.That(arrows, Is.Empty);
    }

    [Test]
    public void Optimizers_see_parameters_but_no_other_part_of_a_model()
    {
        string[] models = [.. Sources.Where(file => Room(file) == "Models").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(type => type != "Parameter")];
        Assert.That(models, Does.Contain("IModel"), "the list of types must not be empty");
        var arrows = new List<string>();
        foreach (string file in Sources.Where(file => Room(file) == "Optimizers"))
        {
            string code = Code(file);
            arrows.AddRange(models.Where(type => Regex.IsMatch(code, $@"\b{type}\b")).Select(type => $"{file} -> {type}"));
        }

        Assert.That(arrows, Is.Empty);
    }

    [TestCase("using BinaryConnect.Training;", true)]
    [TestCase("using static BinaryConnect.Training.Trainer;", true)]
    [TestCase("global::BinaryConnect.Training.Trainer x;", true)]
    [TestCase("Training.Trainer x;", true)]
    [TestCase("model.Training.ToString();", false)]
    [TestCase("int TrainingStep;", false)]
    public void A_mention_of_a_room_is_recognized(string code, bool expected) =>
        Assert.That(Mentions(code, "Training"), Is.EqualTo(expected));

    [TestCaseSource(nameof(Sources))]
    public void A_file_is_named_after_its_one_type_in_the_namespace_of_its_folder(string file)
    {
        string code = Code(file);
        string name = Path.GetFileNameWithoutExtension(file), folder = Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.');
        Assert.That(code, Does.Match($@"(?m)^namespace BinaryConnect\.{Regex.Escape(folder)};$"));
        string[] types = [.. TopLevelType().Matches(code).Select(match => match.Groups["name"].Value)];
        Assert.That(types, Is.EqualTo(new[] { name }));
    }

    [TestCaseSource(nameof(Sources))]
    public void A_file_can_be_held_in_mind(string file) =>
        Assert.That(File.ReadLines(Path.Combine(Library, file)).Count(), Is.LessThanOrEqualTo(LongestFile));

    [Test]
    public void The_library_has_two_dependencies()
    {
        string project = File.ReadAllText(Path.Combine(Library, "BinaryConnect.Core.csproj"));
        string[] shipped = [.. PackageReference().Matches(project).Select(match => match.Groups["name"].Value)];
        Assert.That(shipped, Is.EquivalentTo(new[] { "Microsoft.Extensions.Logging.Abstractions", "System.Numerics.Tensors" }));
        Assert.That(project, Does.Not.Contain("<ProjectReference"));
    }

    private static bool MayUseOther(string room, string other) => other switch
    {
        "Guards" => true,
        "Settings" => room != "Guards",
        _ => MayUse[room].Contains(other),
    };

    // A folder inside a room belongs to it.
    private static string Room(string file) => file.Split(Path.DirectorySeparatorChar)[0];

    private static bool Mentions(string code, string room) =>
        Regex.IsMatch(code, $@"\bBinaryConnect\.{room}\b") || Regex.IsMatch(code, $@"(?<![\w.]){room}\.[A-Z]");

    private static string Code(string file) => SourceCode.Of(Path.Combine(Library, file));

    [GeneratedRegex(@"^(?:public |internal )(?:static |sealed |abstract |readonly |partial |ref |unsafe )*(?:class|struct|record struct|record|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"<PackageReference Include=""(?<name>[^""]+)""(?![^>]*PrivateAssets=""all"")")]
    private static partial Regex PackageReference();
}
