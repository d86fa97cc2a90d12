using BinaryConnect.Settings;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Settings;

internal sealed class SettingsWriterTests
{
    private const string KeyRule = "it must be 1 to 100 of a-z, 0-9 and _. (Parameter 'key')";
    private const string KindRule = "it must be a text of 1 to 300 characters. (Parameter 'value')";
    private const string KindOf = "'Kind' of BinaryConnect.Tests.Support.Described is";

    private static IEnumerable<TestCaseData> Values =>
    [
        Value(to => to.Write("it", true), "true"),
        Value(to => to.Write("it", false), "false"),
        Value(to => to.Write("it", (bool?)null), "null"),
        Value(to => to.Write("it", 5), "5"),
        Value(to => to.Write("it", -5), "-5"),
        Value(to => to.Write("it", long.MinValue), "-9223372036854775808"),
        Value(to => to.Write("it", ulong.MaxValue), "18446744073709551615"),
        Value(to => to.Write("it", (byte)200), "200"),
        Value(to => to.Write("it", (int?)null), "null"),
        Value(to => to.Write("it", 0.1f), "0.1"),
        Value(to => to.Write("it", -1e-8f), "-1E-08"),
        Value(to => to.Write("it", 16_777_216f), "16777216"),
        Value(to => to.Write("it", 0.1), "0.1"),
        Value(to => to.Write("it", (double)0.1f), "0.10000000149011612"),
        Value(to => to.Write("it", 1.0 / 3), "0.3333333333333333"),
        Value(to => to.Write("it", float.NaN), "NaN"),
        Value(to => to.Write("it", double.NegativeInfinity), "-Infinity"),
        Value(to => to.Write("it", "größe\n"), "größe\n"),
        Value(to => to.Write("it", ""), ""),
        Value(to => to.Write("it", (string?)null), "null"),
        Value(to => to.WriteObject("it", null), "null"),
        Value(to => to.WriteObject("it", new Described("a kind")), "a kind"),
        Value(to => to.WriteObject("it", new List<int>()), "System.Collections.Generic.List`1[System.Int32]"),
    ];

    private static IEnumerable<TestCaseData> Faults =>
    [
        Fault(to => to.Write("", 1), $"'key' is ''; {KeyRule}"),
        Fault(to => to.Write("Rate", 1), $"'key' is 'Rate'; {KeyRule}"),
        Fault(to => to.Write("a.b", 1), $"'key' is 'a.b'; {KeyRule}"),
        Fault(
            to => to.Write(new string('a', 101), 1),
            $"'key' is '{new string('a', 101)}'; {KeyRule}"),
        Fault(
            to => to.Write(new string('\0', 1000), 1),
            $"'key' is '{string.Concat(Enumerable.Repeat(@"\u0000", 120))}… (1,000 characters)'; {KeyRule}"),
        Fault(
            to =>
            {
                to.Write("a", 1);
                to.Write("a", true);
            },
            "'key' is 'a', which was written before; a key must be written once. (Parameter 'key')"),
        Fault(
            to => to.WriteObject("a", new Described("k", inner => inner.Write("b", "\ud800"))),
            "'value' holds half a surrogate pair at 0; it must be whole Unicode text. (Parameter 'value')"),
        Fault(
            to => to.WriteObject("a", new Described("k\udc00")),
            "'value' holds half a surrogate pair at 1; it must be whole Unicode text. (Parameter 'value')"),
        Fault(
            to => to.WriteObject("a", new Described("")),
            $"{KindOf} ''; {KindRule}"),
        Fault(
            to => to.WriteObject("a", new Described(null!)),
            $"{KindOf} 'null'; {KindRule}"),
        Fault(
            to => to.WriteObject("a", new Described(new string('k', 301))),
            $"{KindOf} '{new string('k', 120)}… (301 characters)'; {KindRule}"),
    ];

    [TestCaseSource(nameof(Values))]
    public void A_value_has_the_same_text_in_any_culture(Action<SettingsWriter> write, string expected) => InCulture.Run(() =>
    {
        var writer = new SettingsCollector();
        write(writer);
        Assert.That(writer.Settings, Is.EqualTo(new Dictionary<string, string> { ["it"] = expected }));
    });

    [TestCaseSource(nameof(Faults))]
    public void What_is_no_key_or_text_is_refused(Action<SettingsWriter> write, string message) =>
        Assert.That(() => write(new SettingsCollector()), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void A_key_must_be_there() =>
        Assert.That(
            () => new SettingsCollector().Write(null!, 1),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("key"));

    [Test]
    public void Settings_of_objects_have_their_keys_before_them_and_the_order_is_that_of_writing()
    {
        var inner = new Described("inner kind", to => to.Write("rate", 0.5f));
        var outer = new Described("outer kind", to =>
        {
            to.Write("steps", 7);
            to.WriteObject("inner", inner);
            to.WriteObject("none", null);
            to.Write("last", "x");
        });
        var writer = new SettingsCollector();

        writer.WriteObject("schedule", outer);
        writer.Write("rate", 1);

        Assert.That(writer.Settings.Select(pair => $"{pair.Key} = {pair.Value}"), Is.EqualTo(new[]
        {
            "schedule = outer kind",
            "schedule.steps = 7",
            "schedule.inner = inner kind",
            "schedule.inner.rate = 0.5",
            "schedule.none = null",
            "schedule.last = x",
            "rate = 1",
        }));
        Assert.That(writer.Silent, Is.Empty);
    }

    [Test]
    public void Objects_that_say_nothing_are_listed()
    {
        var writer = new SettingsCollector();

        writer.WriteObject("a", new Described("k", to => to.WriteObject("b", 5m)));
        writer.WriteObject("c", 'x');

        Assert.That(writer.Silent, Is.EqualTo(new[] { ("a.b", "System.Decimal"), ("c", "System.Char") }));
    }

    [Test]
    public void An_object_that_nests_itself_is_refused()
    {
        Described self = null!;
        self = new Described("loop", to => to.WriteObject("a", self));

        Assert.That(
            () => Described.TextOf(self),
            Throws.ArgumentException.With.Message.StartsWith("'it.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a' is nested 17 deep; "));
    }

    [Test]
    public void After_an_object_that_throws_keys_are_those_of_the_place_where_it_was_written()
    {
        var writer = new SettingsCollector();

        Assert.That(
            () => writer.WriteObject("a", new Described("k", _ => throw new NotSupportedException())),
            Throws.TypeOf<NotSupportedException>());
        writer.Write("b", 1);

        Assert.That(writer.Settings.Keys, Is.EqualTo(new[] { "a", "b" }));
    }

    private static TestCaseData Value(Action<SettingsWriter> write, string expected) =>
        new TestCaseData(write, expected).SetArgDisplayNames(expected);

    private static TestCaseData Fault(Action<SettingsWriter> write, string message) =>
        new TestCaseData(write, message).SetArgDisplayNames(message.Replace("\\u0000", ""));
}
