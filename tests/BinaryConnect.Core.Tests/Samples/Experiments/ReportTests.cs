using System.Text.Json.Nodes;
using BinaryConnect.Samples.Experiments;
using BinaryConnect.Samples.Experiments.Reporting;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The files and the screen of a report, on a report of two rows.</summary>
internal sealed class ReportTests
{
    [Test]
    public void The_screen_aligns_numbers_and_wraps_findings()
    {
        using StringWriter output = new();
        TableText.Write(output, Given());
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo("""
            A table
            name    accuracy  steps
            plain     0.1235  1,000
            a, "b"         –      2

            - A finding that is long enough to need a second line on the screen of eighty
              columns, and a third line is not needed for it.

            """));
    }

    [Test]
    public void Percent_sign_stays_on_the_line_of_its_number()
    {
        using StringWriter output = new();
        TableText.WriteWrapped(output, $"{new string('a', 73)} and 5.5 % of them", indent: "");
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo($"{new string('a', 73)} and\n5.5 % of them\n"));
    }

    [Test]
    public void Csv_has_all_digits_and_quotes() => Assert.That(
        CsvText.Of(Given().Tables[0]).ReplaceLineEndings("\n"),
        Is.EqualTo("name,accuracy,steps\nplain,0.123456789,1000\n\"a, \"\"b\"\"\",,2\n"));

    [Test]
    public void The_folder_has_each_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        ReportFolder.Write(folder.Path, new GivenExperiment(), Settings, Given());
        Assert.That(
            Directory.GetFiles(folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(["given.json", "picture.png", "report.md", "table.csv"]));
        string page = File.ReadAllText(folder.PathOf("report.md"));
        Assert.That(page, Does.Contain("| plain | 0.1235 | 1,000 |").And.Contain("](picture.png)").And.Contain("Seeds: 7, 8"));
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder.PathOf("given.json")))!;
        Assert.That((double?)json["tables"]!["table"]![0]!["accuracy"], Is.EqualTo(0.123456789));
        Assert.That(json["tables"]!["table"]![1]!["accuracy"], Is.Null);
    }

    [Test]
    public void A_failed_write_leaves_old_files_and_no_temporary_ones()
    {
        using var folder = new TemporaryFolder();
        string page = folder.PathOf("report.md");
        File.WriteAllText(page, "old");
        Directory.CreateDirectory(folder.PathOf("picture.png.partial"));
        Assert.That(
            () => ReportFolder.Write(folder.Path, new GivenExperiment(), Settings, Given()),
            Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo([page]));
        Assert.That(File.ReadAllText(page), Is.EqualTo("old"));
    }

    [Test]
    public void A_row_of_wrong_length_is_refused() => Assert.That(
        () => Given().Tables[0].Add("alone"),
        Throws.ArgumentException.With.Message.EqualTo(
            "'cells' has 1 cells; it must have one for each of the 3 columns of 'table'."));

    private static ExperimentSettings Settings => new() { MnistFolder = "unused", Seeds = [7, 8] };

    private static Report Given()
    {
        var table = new Table(
            "table",
            "A table",
            new Column("name", "name"),
            new Column("accuracy", "accuracy", "F4"),
            new Column("steps", "steps"));
        table.Add("plain", 0.123456789, 1000);
        table.Add("a, \"b\"", double.NaN, 2);
        return new Report("Title", "Method.")
        {
            Findings = ["A finding that is long enough to need a second line on the screen of eighty columns, "
                + "and a third line is not needed for it."],
            Tables = [table],
            Pictures = [new Picture("picture", "A caption.", [1, 2, 3])],
        };
    }

    private sealed class GivenExperiment : IExperiment
    {
        public string Name => "given";

        public string Question => "Is it so?";

        public Report Run(ExperimentSettings settings) => Given();
    }
}
