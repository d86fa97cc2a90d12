using BinaryConnect.Samples.Experiments;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Samples.Experiments;

/// <summary>The command "experiment".</summary>
internal sealed class ExperimentCommandTests
{
    [Test]
    public async Task Without_a_name_each_is_listed_with_its_question()
    {
        string output = await SampleCommand.Succeed("experiment");
        foreach (string name in ExperimentList.Names) Assert.That(output, Does.Contain($"\n  {name} "));
        Assert.That(output.Split('\n').Max(line => line.Length), Is.AtMost(80));
    }

    [Test]
    public async Task An_unknown_name_is_refused_with_the_known_ones() => Assert.That(
        await SampleCommand.Refuse("experiment", "jiter"),
        Is.EqualTo($"'NAME' is 'jiter'; it must be one of {string.Join(", ", ExperimentList.Names)}."));

    [Test]
    public async Task Seeds_that_are_no_numbers_are_refused() => Assert.That(
        await SampleCommand.Refuse("experiment", "post-training", "--seeds", "1,two"),
        Is.EqualTo("'--seeds' is '1,two'; it must be whole numbers with commas between them, such as 1,2,3."));

    [Test]
    public async Task Missing_data_are_refused_before_a_folder_is_made()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.PathOf("missing"), to = folder.PathOf("to");
        string error = await SampleCommand.Refuse("experiment", "post-training", "--data", missing, "--out", to);
        Assert.That(error, Does.Contain(missing));
        Assert.That(Directory.Exists(to), Is.False);
    }

    [Test]
    public async Task Too_few_steps_are_refused_before_a_folder_is_made()
    {
        using var folder = new TemporaryFolder();
        string to = folder.PathOf("to");
        Assert.That(
            await SampleCommand.Refuse("experiment", "jitter", "--steps", "7", "--data", MnistData.Folder, "--out", to),
            Is.EqualTo("'--steps' is 7; this experiment needs at least 8."));
        Assert.That(Directory.Exists(to), Is.False);
    }

    [Test]
    public async Task A_file_in_place_of_the_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("taken", []);
        Assert.That(
            await SampleCommand.Refuse("experiment", "post-training", "--out", Path.Combine(file, "to")),
            Is.EqualTo($"'{file}' is a file; it must be a folder."));
    }

    [Test]
    public async Task Missing_clothes_are_refused_with_the_way_to_get_them()
    {
        const string Folder = "/usr/share/datasets/fashion-mnist";
        if (Directory.Exists(Folder)) Assert.Ignore($"{Folder} is there.");
        Assert.That(
            await SampleCommand.Refuse("experiment", "fashion"),
            Is.EqualTo(
                $"Fashion-MNIST is not in {Folder}; install it by 'apt-get install dataset-fashion-mnist', or name the folder "
                + "of its four files by --data."));
    }

    [Test]
    public async Task Help_has_an_example() => Assert.That(
        await SampleCommand.Succeed("experiment", "--help"), Does.Contain("experiment post-training --seeds 1,2,3"));
}
