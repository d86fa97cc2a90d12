using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Architecture;

/// <summary>No file of the library needs itself by way of others: each can be read before those that use it.</summary>
internal sealed class CircleTests
{
    [Test]
    public void No_files_use_one_another_in_a_circle() =>
        Assert.That(Circles(SourceGraph.Uses).Select(circle => string.Join(" -> ", circle)), Is.Empty);

    [Test]
    public void A_circle_is_found()
    {
        var uses = new Dictionary<string, IReadOnlySet<string>>
        {
            ["A"] = new HashSet<string> { "B", "D" },
            ["B"] = new HashSet<string> { "C" },
            ["C"] = new HashSet<string> { "A", "D" },
            ["D"] = new HashSet<string>(),
        };

        string[] circle = Circles(uses).Single();

        Assert.That(circle, Is.EquivalentTo(new[] { "A", "B", "C" }));
    }

    [TestCase("Batch batch = new(features, labels);", true)]
    [TestCase("public Batch Next() => _next;", true)]
    [TestCase("options.Batch(1);", false)]
    [TestCase("public int Batch => 1;", false)]
    [TestCase("    Batch,\n    Other,\n", false)]
    public void A_mention_of_a_type_is_recognized(string code, bool expected) =>
        Assert.That(SourceGraph.MentionsOf("Trainer", code).Contains("Batch"), Is.EqualTo(expected));

    // Depth first: a type that leads back to one on the way closes a circle.
    private static List<string[]> Circles(IReadOnlyDictionary<string, IReadOnlySet<string>> uses)
    {
        var circles = new List<string[]>();
        var done = new HashSet<string>();
        foreach (string type in uses.Keys.Order(StringComparer.Ordinal)) Walk(type, []);
        return circles;

        void Walk(string type, List<string> way)
        {
            int at = way.IndexOf(type);
            if (at >= 0) circles.Add([.. way[at..]]);
            if (at >= 0 || !done.Add(type)) return;
            way.Add(type);
            foreach (string next in uses[type]) Walk(next, way);
            way.RemoveAt(way.Count - 1);
        }
    }
}
