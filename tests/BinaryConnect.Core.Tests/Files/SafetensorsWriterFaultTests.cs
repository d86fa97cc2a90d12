using BinaryConnect.Files;

namespace BinaryConnect.Tests.Files;

internal sealed class SafetensorsWriterFaultTests
{
    private SafetensorsWriter _writer = null!;

    [SetUp]
    public void MakeWriter() => _writer = new SafetensorsWriter();

    [Test]
    public void Values_must_be_as_many_as_the_shape_asks_for()
    {
        AssertRefused(
            () => _writer.Add<float>("w", [2, 3], new float[5]),
            "'values' has length 5; it must have as many as 'shape', [2, 3], asks for. (Parameter 'values')");
        AssertRefused(
            () => _writer.Add<float>("w", [], new float[2]),
            "'values' has length 2; it must have as many as 'shape', [], asks for. (Parameter 'values')");
        AssertRefused(
            () => _writer.Add<float>("w", [long.MaxValue, 2], new float[2]),
            "'values' has length 2; it must have as many as 'shape', [9223372036854775807, 2], asks for. (Parameter 'values')");
    }

    [Test]
    public void A_negative_size_is_refused() =>
        Assert.That(
            () => _writer.Add<float>("w", [-1, -2], new float[2]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("shape"));

    [Test]
    public void A_name_is_given_once()
    {
        _writer.Add<float>("w", [1], new float[1]);
        _writer.AddMetadata("w", "a tensor may be called as a text is");

        AssertRefused(
            () => _writer.Add<int>("w", [1], new int[1]),
            "'w' is among the tensors already; a name must be there once. (Parameter 'name')");
        AssertRefused(
            () => _writer.AddMetadata("w", "again"),
            "'w' is among the metadata already; a name must be there once. (Parameter 'name')");
    }

    [Test]
    public void Names_of_the_format_are_refused()
    {
        AssertRefused(
            () => _writer.Add<float>("__metadata__", [1], new float[1]),
            "'__metadata__' is the name of the metadata; a tensor must have another. (Parameter 'name')");
        AssertRefused(
            () => _writer.AddMetadata("checksum", "1"),
            "'checksum' is the name of the checksum, which is written by itself; metadata must have another. (Parameter 'name')");
    }

    [Test]
    public void Half_a_surrogate_pair_is_refused()
    {
        const string Half = "ab\uD83D";
        AssertRefused(
            () => _writer.Add<float>(Half, [1], new float[1]),
            "'name' holds half a surrogate pair at 2; it must be whole Unicode text. (Parameter 'name')");
        AssertRefused(
            () => _writer.AddMetadata(Half, ""),
            "'name' holds half a surrogate pair at 2; it must be whole Unicode text. (Parameter 'name')");
        AssertRefused(
            () => _writer.AddMetadata("", Half),
            "'text' holds half a surrogate pair at 2; it must be whole Unicode text. (Parameter 'text')");
    }

    [Test]
    public void A_type_no_file_holds_is_refused() =>
        Assert.That(() => _writer.Add<decimal>("w", [1], new decimal[1]), Throws.TypeOf<NotSupportedException>());

    [Test]
    public void Arguments_must_name_something()
    {
        AssertNull(() => _writer.AddMetadata(null!, ""), "name");
        AssertNull(() => _writer.AddMetadata("", null!), "text");
        AssertNull(() => _writer.Add<float>(null!, [1], new float[1]), "name");
        AssertNull(() => _writer.Add("w", [1], (Func<ReadOnlySpan<float>>)null!), "values");
        AssertNull(() => _writer.WriteTo(null!), "stream");

        static void AssertNull(Action action, string parameter) =>
            Assert.That(action.Invoke, Throws.ArgumentNullException.With.Property("ParamName").EqualTo(parameter));
    }

    [Test]
    public void What_was_refused_is_not_in_the_file()
    {
        Assert.That(() => _writer.Add<float>("w", [2], new float[1]), Throws.ArgumentException);
        _writer.Add<float>("w", [1], new float[1]);
        using var stream = new MemoryStream();
        _writer.WriteTo(stream);
        stream.Position = 0;

        using SafetensorsReader reader = SafetensorsReader.Open(stream);

        Assert.That(reader.Tensor("w").Shape, Is.EqualTo(new long[] { 1 }));
    }

    [Test]
    public void Values_must_stay_as_many_as_they_were()
    {
        float[] values = new float[3];
        _writer.Add("w", [3], () => (ReadOnlySpan<float>)values);
        values = new float[4];
        using var stream = new MemoryStream();

        Assert.That(() => _writer.WriteTo(stream), Throws.InvalidOperationException.With.Message.EqualTo(
            "Tensor 'w' has 4 values now; it must have as many as when it was added, 3."));
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public void A_header_that_no_reader_takes_is_refused()
    {
        _writer.AddMetadata("long", new string('x', SafetensorsHeader.MostBytes));
        using var stream = new MemoryStream();

        Assert.That(() => _writer.WriteTo(stream), Throws.InvalidOperationException.With.Message.Matches(
            @"^The header of names, shapes and metadata has 100,000,\d\d\d bytes; it must have at most 100,000,000\.$"));
        Assert.That(stream.Length, Is.Zero);
    }

    private static void AssertRefused(Action action, string message) =>
        Assert.That(action.Invoke, Throws.ArgumentException.With.Message.EqualTo(message));
}
