using System.Text.RegularExpressions;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>
/// Checks the layout of the library in its sources: which folder may use which, and how files are named.
/// </summary>
internal sealed partial class RoomTests
{
    private const int LongestFile = 300, MostFilesOfARoom = 16;

    private static readonly string[] ModelsMayUse =
    [
        "Kernels/*", "Threading", "Data", "Binarization", "Models", "Models/Layers", "Models/Networks", "Models/Operations",
        "Models/Products",
    ];

    private static readonly string[] TrainingMayUse =
    [
        "Kernels/*", "Threading", "Files", "Data", "Binarization", "Models", "Models/Layers", "Models/Networks",
        "Models/Operations", "Models/Products", "Losses", "Optimizers", "Schedules",
        "Training", "Training/Checkpoints", "Training/Evaluation", "Training/Metrics", "Training/Reports", "Training/Runs",
        "Training/Steps",
    ];

    /// <summary>
    /// The folders that a folder may use, besides Guards and Settings, which are open to all; "/*" means all
    /// subfolders.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Guards"] = [],
        ["Settings"] = [],
        ["Threading"] = [],
        ["Kernels/Simd"] = [],
        ["Kernels/Rows"] = ["Kernels/Simd"],
        ["Kernels/Elementwise"] = ["Kernels/Simd"],
        ["Kernels/Random"] = ["Kernels/Simd"],
        ["Kernels/Softmax"] = ["Kernels/Simd", "Kernels/Elementwise"],
        ["Kernels/Gemm"] = ["Kernels/Simd", "Threading"],
        ["Kernels/SignGemm"] = ["Kernels/Simd", "Kernels/Elementwise", "Kernels/Gemm", "Threading"],
        ["Kernels/ByteSignGemm"] = ["Kernels/Simd", "Kernels/Rows", "Threading"],
        ["Kernels/BitGemm"] = ["Kernels/Simd", "Threading"],
        ["Kernels/NarrowGemm"] = ["Kernels/Simd", "Kernels/Rows", "Kernels/Elementwise"],
        ["Kernels/NarrowGemm/Sparse"] = ["Kernels/Simd", "Kernels/Rows", "Kernels/NarrowGemm"],
        ["Files"] = [],
        ["Data"] = ["Kernels/*", "Data/Gzip"],
        ["Data/Gzip"] = [],
        ["Binarization"] = ["Kernels/*"],
        ["Models"] = ModelsMayUse,
        ["Models/Layers"] = ModelsMayUse,
        ["Models/Networks"] = ModelsMayUse,
        ["Models/Operations"] = ["Binarization", "Models"],
        ["Models/Products"] = ModelsMayUse,
        ["Inference"] = [.. ModelsMayUse, "Files", "Inference/Execution", "Inference/Import"],
        ["Inference/Export"] = ["Kernels/*", "Data", "Files", "Inference", "Inference/Execution"],
        ["Inference/Export/Html"] = ["Files", "Inference", "Inference/Execution", "Kernels/*"],
        ["Inference/Import"] = [.. ModelsMayUse, "Files", "Inference"],
        ["Inference/Execution"] = ["Kernels/*", "Threading", "Inference"],
        ["Losses"] = ["Kernels/*"],
        ["Optimizers"] = ["Kernels/*", "Models"],
        ["Schedules"] = ["Kernels/*"],
        ["Training"] = TrainingMayUse,
        ["Training/Checkpoints"] = TrainingMayUse,
        ["Training/Evaluation"] = TrainingMayUse,
        ["Training/Metrics"] = TrainingMayUse,
        ["Training/Reports"] = TrainingMayUse,
        ["Training/Runs"] = TrainingMayUse,
        ["Training/Steps"] = TrainingMayUse,
    };

    private static IEnumerable<string> Rooms => MayUse.Keys;

    private static IEnumerable<string> Sources => SourceGraph.Files.Values;

    [Test]
    public void Every_source_lies_in_a_known_room() =>
        Assert.That(SourceGraph.Files.Keys.Select(SourceGraph.RoomOf).Distinct(), Is.EquivalentTo(Rooms));

    [TestCaseSource(nameof(Rooms))]
    public void A_room_uses_only_what_it_may(string room)
    {
        IEnumerable<string> arrows = SourceGraph.Uses
            .Where(type => SourceGraph.RoomOf(type.Key) == room)
            .SelectMany(type => type.Value.Where(other => !MayUseOther(room, SourceGraph.RoomOf(other))).Select(
                other => $"{type.Key} -> {other}"));

        Assert.That(arrows, Is.Empty);
    }

    [Test]
    public void Kernels_hold_no_domain_types()
    {
        string[] domains = ["Data", "Binarization", "Models", "Losses", "Optimizers", "Schedules", "Training"];

        Assert.That(
            MayUse.Where(room => room.Key.StartsWith("Kernels/", StringComparison.Ordinal)).SelectMany(room => room.Value)
                .Intersect(domains),
            Is.Empty);
    }

    [Test]
    public void Optimizers_see_parameters_but_no_other_part_of_a_model()
    {
        IEnumerable<string> models = SourceGraph.Uses
            .Where(type => SourceGraph.RoomOf(type.Key) == "Optimizers")
            .SelectMany(type => type.Value)
            .Where(other => SourceGraph.RoomOf(other).StartsWith("Models", StringComparison.Ordinal))
            .Distinct();

        Assert.That(models, Is.EqualTo(new[] { "Parameter" }));
    }

    [TestCaseSource(nameof(Rooms))]
    public void A_room_is_not_crowded(string room) =>
        Assert.That(SourceGraph.Files.Keys.Count(type => SourceGraph.RoomOf(type) == room), Is.AtMost(MostFilesOfARoom));

    [TestCaseSource(nameof(Sources))]
    public void A_file_is_named_after_its_one_type_in_the_namespace_of_its_folder(string file)
    {
        string code = SourceGraph.CodeOf(file), name = Path.GetFileNameWithoutExtension(file);
        string folder = SourceGraph.RoomOf(name).Replace('/', '.');
        Assert.That(code, Does.Match($@"(?m)^namespace BinaryConnect\.{Regex.Escape(folder)};$"));
        string[] types = [.. TopLevelType().Matches(code).Select(match => match.Groups["name"].Value)];
        Assert.That(types, Is.EqualTo(new[] { name }));
    }

    [TestCaseSource(nameof(Sources))]
    public void A_file_can_be_held_in_mind(string file) =>
        Assert.That(SourceGraph.LinesOf(file), Is.LessThanOrEqualTo(LongestFile));

    [Test]
    public void The_library_has_two_dependencies()
    {
        string project = File.ReadAllText(Repository.PathOf("src", "BinaryConnect.Core", "BinaryConnect.Core.csproj"));
        string[] shipped = [.. PackageReference().Matches(project).Select(match => match.Groups["name"].Value)];
        Assert.That(shipped, Is.EquivalentTo(new[] { "Microsoft.Extensions.Logging.Abstractions", "System.Numerics.Tensors" }));
        Assert.That(project, Does.Not.Contain("<ProjectReference"));
    }

    private static bool MayUseOther(string room, string other) =>
        other == room
        || other == "Guards"
        || (other == "Settings" && room != "Guards")
        || MayUse[room].Contains(other)
        || (MayUse[room].Contains("Kernels/*") && other.StartsWith("Kernels/", StringComparison.Ordinal));

    [GeneratedRegex(
        @"^(?:public |internal )(?:static |sealed |abstract |readonly |partial |ref |unsafe )*"
        + @"(?:class|struct|record struct|record|interface|enum) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"<PackageReference Include=""(?<name>[^""]+)""(?![^>]*PrivateAssets=""all"")")]
    private static partial Regex PackageReference();
}
