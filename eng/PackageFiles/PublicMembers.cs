using System.Reflection;
using System.Runtime.Loader;

namespace BinaryConnect.PackageFiles;

/// <summary>
/// What other assemblies see of an assembly, by the names that its XML documentation uses, such as
/// "M:Name.Of.Type.Method(System.Int32)".
/// </summary>
internal static class PublicMembers
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Conversions = ["op_Implicit", "op_Explicit", "op_CheckedExplicit"];

    /// <summary>Loads the assembly. What it uses beside the framework is looked for among the references.</summary>
    public static IReadOnlySet<string> Of(string assembly, IReadOnlyList<string> references)
    {
        var context = new AssemblyLoadContext("documented");
        context.Resolving += (_, name) =>
            references.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == name.Name) is string file
                ? context.LoadFromAssemblyPath(Path.GetFullPath(file))
                : null;
        return Of(context.LoadFromAssemblyPath(Path.GetFullPath(assembly)));
    }

    /// <summary>Public types, and the public and protected members that they declare.</summary>
    public static IReadOnlySet<string> Of(Assembly assembly) => assembly.GetTypes().Where(IsVisible).SelectMany(Of).ToHashSet();

    private static IEnumerable<string> Of(Type type)
    {
        string name = type.FullName!.Replace('+', '.');
        return
        [
            "T:" + name,
            .. type.GetFields(Declared).Where(IsVisible).Select(field => $"F:{name}.{field.Name}"),
            .. type.GetMethods(Declared).Where(IsVisible).Select(method => $"M:{name}.{IdOf(method)}"),
            .. type.GetConstructors(Declared).Where(IsVisible).Select(constructor => $"M:{name}.{IdOf(constructor)}"),
            .. type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible))
                .Select(property => $"P:{name}.{property.Name}{Parameters(property.GetIndexParameters())}"),
            .. type.GetEvents(Declared).Where(e => IsVisible(e.GetAddMethod(nonPublic: true)!)).Select(e => $"E:{name}.{e.Name}"),
        ];
    }

    private static string IdOf(MethodBase method)
    {
        string arity = method.IsGenericMethodDefinition ? $"``{method.GetGenericArguments().Length}" : "";
        string id = method.Name.Replace('.', '#') + arity + Parameters(method.GetParameters());
        return Conversions.Contains(method.Name) ? $"{id}~{NameOf(((MethodInfo)method).ReturnType)}" : id;
    }

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => NameOf(parameter.ParameterType)))})";

    // A type in a list of parameters: "System.Span{System.Single}", "``0", "System.Int32@".
    private static string NameOf(Type type)
    {
        if (type.IsByRef) return NameOf(type.GetElementType()!) + "@";
        if (type.IsPointer) return NameOf(type.GetElementType()!) + "*";
        if (type.IsArray)
        {
            int rank = type.GetArrayRank();
            return NameOf(type.GetElementType()!) + (rank == 1 ? "[]" : $"[{string.Join(',', Enumerable.Repeat("0:", rank))}]");
        }

        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        return NameOf(type, type.GetGenericArguments());
    }

    // A nested type comes with the type arguments of those around it; each name takes as many as it declares.
    private static string NameOf(Type type, Type[] arguments)
    {
        Type? outer = type.DeclaringType;
        int outerCount = outer?.GetGenericArguments().Length ?? 0;
        string prefix = outer is null ? type.Namespace! : NameOf(outer, arguments[..outerCount]);
        string own = string.Join(',', arguments[outerCount..].Select(NameOf));
        return $"{prefix}.{type.Name.Split('`')[0]}{(own.Length == 0 ? "" : $"{{{own}}}")}";
    }

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
