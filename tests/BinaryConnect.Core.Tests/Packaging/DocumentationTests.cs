using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BinaryConnect.Data;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Packaging;

/// <summary>The XML documentation in the package, against the files that list the public API.</summary>
internal sealed partial class DocumentationTests
{
    // Members that the compiler generates for a record. They have no documentation of their own.
    private static readonly string[] RecordMembers =
    [
        "op_Equality/2", "op_Inequality/2", "Equals/1", "GetHashCode/0", "ToString/0", "Deconstruct", "<Clone>$/0",
        "EqualityContract/0", "PrintMembers/1",
    ];

    private static readonly Assembly Library = typeof(Dataset).Assembly;

    private Dictionary<string, XElement> _documented = [];

    [OneTimeSetUp]
    public void Read() => _documented = XDocument.Parse(Package.Text("lib/net10.0/BinaryConnect.Core.xml")).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    [Test]
    public void Every_member_in_it_is_public()
    {
        HashSet<string> api = [.. PublicApi().Select(member => $"{member.Name}/{member.Parameters}")];

        Assert.That(_documented.Keys.Where(id => !api.Contains(NameOf(id))), Is.Empty);
        Assert.That(_documented, Has.Count.GreaterThan(300));
    }

    [Test]
    public void Every_public_member_is_in_it()
    {
        HashSet<string> documented = [.. _documented.Keys.Select(NameOf)];
        List<string> missing = [];
        foreach ((string name, int parameters) in PublicApi())
        {
            if (documented.Contains($"{name}/{parameters}")) continue;
            string type = name[..Math.Max(name.LastIndexOf('.'), 0)], member = name[(name.LastIndexOf('.') + 1)..];
            bool isDefaultConstructor = member == "#ctor" && parameters == 0;
            bool isOfRecord = IsRecord(type)
                && (member == "#ctor" || IsMadeForRecord($"{member}/{parameters}") || IsPositional(type, member));
            if (!isDefaultConstructor && !isOfRecord) missing.Add($"{name}/{parameters}");
        }

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void It_refers_to_nothing_of_the_library_that_is_not_in_it()
    {
        IEnumerable<string> references = _documented.Values
            .SelectMany(member => member.Descendants().Attributes("cref"))
            .Select(cref => cref.Value)
            .Where(cref => cref.Contains(":BinaryConnect.", StringComparison.Ordinal) || cref.StartsWith('!'));

        Assert.That(references.Distinct().Where(cref => !_documented.ContainsKey(cref) && !IsMadeByCompiler(cref)), Is.Empty);
    }

    [Test]
    public void What_inherits_its_text_has_a_public_member_to_inherit_it_from()
    {
        List<string> lost = [];
        foreach ((string id, XElement member) in _documented.Where(pair => pair.Value.Element("inheritdoc") is not null))
        {
            string? cref = member.Element("inheritdoc")!.Attribute("cref")?.Value;
            bool isFound = cref is not null ? _documented.ContainsKey(cref) : BasesOf(id).Any(IsDocumented);
            if (!isFound) lost.Add(id);
        }

        Assert.That(lost, Is.Empty);
        Assert.That(_documented.Values.Count(member => member.Element("inheritdoc") is not null), Is.GreaterThan(20));
    }

    // Members of the same name in base types and interfaces, by which a reader's editor looks for the text.
    private static IEnumerable<MemberInfo> BasesOf(string id)
    {
        string path = TypeParameters().Replace(id[2..].Split('(')[0], ""), name = path[(path.LastIndexOf('.') + 1)..];
        Type type = TypeOf(path[..path.LastIndexOf('.')])!;
        List<Type> bases = [.. type.GetInterfaces()];
        for (Type? b = type.BaseType; b is not null; b = b.BaseType) bases.Add(b);
        return bases.Where(b => b.IsVisible).SelectMany(b => b.GetMember(name));
    }

    private static bool IsMadeForRecord(string member) =>
        RecordMembers.Any(made => member.StartsWith(made, StringComparison.Ordinal));

    // A parameter of the record is a property, with the text of the parameter.
    private bool IsPositional(string type, string member) =>
        Documentation(type).Elements("param").Any(parameter => parameter.Attribute("name")!.Value == member);

    // Text of the framework is in the framework's own files.
    private bool IsDocumented(MemberInfo member) => member.Module.Assembly != Library
        || _documented.Keys.Select(NameOf)
            .Any(name => name.StartsWith($"{PlainName(member.DeclaringType!)}.{member.Name}/", StringComparison.Ordinal));

    private XElement Documentation(string type) =>
        _documented.Single(pair => pair.Key[0] == 'T' && NameOf(pair.Key) == $"{type}/0").Value;

    private static bool IsMadeByCompiler(string cref) => NameOf(cref).EndsWith(".#ctor/0", StringComparison.Ordinal);

    private static Type? TypeOf(string name) => Array.Find(Library.GetExportedTypes(), type => PlainName(type) == name);

    private static string PlainName(Type type)
    {
        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return TypeParameters().Replace(definition.FullName!, "").Replace('+', '.');
    }

    private static bool IsRecord(string type) =>
        TypeOf(type)?.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    // "M:N.Type.Method``1(System.Span{System.Single},System.Int32)" is "N.Type.Method/2".
    private static string NameOf(string id)
    {
        string name = id[2..].Split('(')[0];
        int at = id.IndexOf('(', StringComparison.Ordinal);
        return $"{TypeParameters().Replace(name, "")}/{(at < 0 ? 0 : Count(id[(at + 1)..id.LastIndexOf(')')]))}";
    }

    // Lines such as "static N.Type<T>.Method<U>(System.Span<float> values, int count = 1) -> void".
    private static IEnumerable<(string Name, int Parameters)> PublicApi()
    {
        string[] files = ["PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt"];
        string[] lines = [.. files.SelectMany(file => File.ReadAllLines(Repository.PathOf("src", "BinaryConnect.Core", file)))];
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            string signature = Modifiers().Replace(line, "")
                .Replace("operator ==", "op_Equality", StringComparison.Ordinal)
                .Replace("operator !=", "op_Inequality", StringComparison.Ordinal)
                .Replace(".this[", ".Item(", StringComparison.Ordinal)
                .Replace("<Clone>$", "~Clone", StringComparison.Ordinal);
            Match match = Signature().Match(signature);
            string name = Accessor().Replace(TypeParameters().Replace(match.Groups["name"].Value, ""), "")
                .Replace("~Clone", "<Clone>$", StringComparison.Ordinal);
            string[] parts = name.Split('.');
            bool isConstructor = match.Groups["parameters"].Success && parts.Length > 1 && parts[^1] == parts[^2];
            if (isConstructor) name = string.Join('.', [.. parts[..^1], "#ctor"]);
            yield return (name, Count(match.Groups["parameters"].Value));
        }
    }

    // How many there are between commas that stand in no brackets.
    private static int Count(string parameters)
    {
        int depth = 0, count = parameters.Length == 0 ? 0 : 1;
        foreach (char c in parameters)
        {
            if (c is '<' or '{' or '(' or '[') depth++;
            else if (c is '>' or '}' or ')' or ']') depth--;
            else if (c == ',' && depth == 0) count++;
        }

        return count;
    }

    [GeneratedRegex("^(?:~|static |override |abstract |virtual |const |readonly |sealed |implicit )+")]
    private static partial Regex Modifiers();

    [GeneratedRegex(@"^(?<name>[^\s(]+)(?:\((?<parameters>.*)[)\]](?:\.(?:get|set|init))?)?(?: = .*)?(?: -> .*)?$")]
    private static partial Regex Signature();

    [GeneratedRegex("<[^.]*?>|`+[0-9]+")]
    private static partial Regex TypeParameters();

    [GeneratedRegex(@"\.(?:get|set|init|add|remove)$")]
    private static partial Regex Accessor();
}
