using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace BinaryConnect.Guards;

/// <summary>Checks of arguments. Each message gives the fault, the value and the expected value.</summary>
internal static class Guard
{
    /// <summary>
    /// 2⁵³. Counts up to here are exact in double precision, and 2⁶² more steps do not overflow a long.
    /// </summary>
    public const long MostCount = 1L << 53;

    // Unlike Encoding.UTF8, this one throws on half a surrogate pair.
    private static readonly UTF8Encoding WholeUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Throws unless <paramref name="actual"/> equals <paramref name="expected"/>.
    /// <paramref name="reason"/> names the expected length in the message.
    /// </summary>
    public static void Length(long actual, long expected, string name, string reason)
    {
        if (actual != expected) ThrowLength(actual, expected, name, reason);
    }

    /// <summary>
    /// Throws unless <paramref name="actual"/> is <paramref name="rows"/> times <paramref name="columns"/>.
    /// <paramref name="reason"/> names the expected length in the message. The product does not overflow.
    /// </summary>
    public static void Area(int actual, int rows, int columns, string name, string reason) =>
        Length(actual, (long)rows * columns, name, reason);

    /// <summary>
    /// Returns the product of two sizes; throws when it is above <paramref name="most"/>. It does not overflow.
    /// </summary>
    public static int Product(int first, int second, int most, string firstName, string secondName)
    {
        long product = (long)first * second;
        if (product > most) ThrowProduct(product, most, firstName, secondName);
        return (int)product;
    }

    /// <summary>
    /// Returns the number of rows of <paramref name="columns"/> values; throws when the last row is incomplete.
    /// </summary>
    public static int Rows(int length, int columns, string name, string columnsName)
    {
        if (length % columns != 0) ThrowRagged(length, columns, name, columnsName);
        return length / columns;
    }

    /// <summary>Throws unless <paramref name="value"/> is at least <paramref name="minimum"/>.</summary>
    public static void AtLeast(int value, int minimum, string name)
    {
        if (value < minimum) ThrowRange(name, value, $"at least {minimum:N0}");
    }

    /// <summary>Throws unless <paramref name="value"/> is from 0 to <paramref name="most"/>.</summary>
    public static void Count(long value, string name, long most = MostCount)
    {
        if (value < 0 || value > most) ThrowRange(name, value, $"from 0 to {most:N0}");
    }

    /// <summary>Throws unless <paramref name="value"/> is at most <paramref name="maximum"/>.</summary>
    public static void AtMost(int value, int maximum, string name)
    {
        if (value > maximum) ThrowRange(name, $"{value:N0}", $"at most {maximum:N0}");
    }

    /// <summary>Throws unless <paramref name="value"/> is above zero and finite.</summary>
    public static void Positive(float value, string name)
    {
        if (!(value > 0 && float.IsFinite(value))) ThrowRange(name, value, "positive and finite");
    }

    /// <summary>Throws unless <paramref name="value"/> is zero or above and finite.</summary>
    public static void NotNegative(float value, string name)
    {
        if (!(value >= 0 && float.IsFinite(value))) ThrowRange(name, value, "zero or positive, and finite");
    }

    /// <summary>Throws unless <paramref name="value"/> is finite.</summary>
    public static void Finite(float value, string name)
    {
        if (!float.IsFinite(value)) ThrowRange(name, value, "finite");
    }

    /// <summary>Throws unless <paramref name="value"/> is in (0, 1].</summary>
    public static void Factor(float value, string name)
    {
        if (!(value is > 0 and <= 1)) ThrowRange(name, value, "above 0 and at most 1");
    }

    /// <summary>Throws unless <paramref name="value"/> is in [0, 1).</summary>
    public static void Fraction(float value, string name)
    {
        if (!(value is >= 0 and < 1)) ThrowRange(name, value, "at least 0 and below 1");
    }

    /// <summary>
    /// Throws unless <paramref name="scale"/> and <paramref name="shift"/> are finite, and the scale is not 0.
    /// </summary>
    public static void Scaling(float scale, float shift, string scaleName = "scale", string shiftName = "shift")
    {
        Finite(scale, scaleName);
        if (scale == 0)
            throw new ArgumentOutOfRangeException(
                scaleName, $"'{scaleName}' is 0; it must not be, or every feature would be the same.");
        Finite(shift, shiftName);
    }

    /// <summary>Throws when a label is outside [0, <paramref name="classes"/>).</summary>
    public static void Labels(ReadOnlySpan<int> labels, int classes, string name)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes) ThrowLabel(labels[i], i, classes, name);
        }
    }

    /// <summary>
    /// Returns the number of classes, from <paramref name="length"/> values in one row for each label. Throws when
    /// there are no rows, the last row is incomplete or a label is outside the classes.
    /// </summary>
    public static int Classes(int length, ReadOnlySpan<int> labels, string name)
    {
        AtLeast(labels.Length, 1, "labels.Length");
        int classes = Rows(length, labels.Length, name, "labels.Length");
        Labels(labels, classes, nameof(labels));
        return classes;
    }

    /// <summary>Throws when a text is null or has half a surrogate pair, which UTF-8 cannot encode.</summary>
    public static void WholeText(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        try
        {
            WholeUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException fault)
        {
            throw new ArgumentException(
                $"'{name}' holds half a surrogate pair at {fault.Index:N0}; it must be whole Unicode text.", name, fault);
        }
    }

    /// <summary>
    /// Returns a copy of the names of classes; throws unless there is one for each class, and all differ.
    /// </summary>
    public static IReadOnlyList<string> ClassNames(IReadOnlyList<string> names, int classes, string name)
    {
        ArgumentNullException.ThrowIfNull(names, name);
        string[] copy = [.. names];
        Length(copy.Length, classes, name, "a name for each class");
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < copy.Length; i++)
        {
            if (string.IsNullOrEmpty(copy[i]))
                throw new ArgumentException($"'{name}' has no text at {i:N0}; it must be a name.", name);
            WholeText(copy[i], name);
            if (!known.Add(copy[i]))
                throw new ArgumentException($"'{name}' has '{Excerpt.Of(copy[i])}' twice; every class must have its own.", name);
        }

        return Array.AsReadOnly(copy);
    }

    /// <summary>Throws when the two spans share memory, unless they are the same span.</summary>
    public static void SameOrDisjoint(
        ReadOnlySpan<float> destination, ReadOnlySpan<float> source, string destinationName, string sourceName)
    {
        if (destination.Overlaps(source, out int offset) && offset != 0) ThrowOverlap(destinationName, sourceName, "partly ");
    }

    /// <summary>Throws when the two spans share memory.</summary>
    public static void Disjoint(
        ReadOnlySpan<float> destination, ReadOnlySpan<float> source, string destinationName, string sourceName)
    {
        if (destination.Overlaps(source)) ThrowOverlap(destinationName, sourceName, "");
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowLength(long actual, long expected, string name, string reason) =>
        throw new ArgumentException($"'{name}' has length {actual:N0}; it must have {reason}, {expected:N0}.", name);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowProduct(long product, int most, string firstName, string secondName) =>
        throw new ArgumentException(
            $"'{firstName}' times '{secondName}' is {product:N0}; it must be at most {most:N0}.", secondName);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowRagged(int length, int columns, string name, string columnsName) =>
        throw new ArgumentException(
            $"'{name}' has length {length:N0}; it must be a whole number of rows of '{columnsName}', {columns:N0}.", name);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowRange<T>(string name, T value, string expected) =>
        throw new ArgumentOutOfRangeException(name, $"'{name}' is {value}; it must be {expected}.");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowLabel(int label, int row, int classes, string name) =>
        throw new ArgumentException(
            $"'{name}' has {label} at row {row:N0}; a label must be at least 0 and below the class count, {classes:N0}.", name);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOverlap(string destinationName, string sourceName, string partly) =>
        throw new ArgumentException(
            $"'{destinationName}' {partly}overlaps '{sourceName}'; "
            + $"the two must be apart{(partly.Length > 0 ? " or the same" : "")}.",
            destinationName);

    /// <summary>Returns a value that a layer has only once it belongs to a network.</summary>
    /// <exception cref="InvalidOperationException">The layer belongs to no network yet.</exception>
    public static T Built<T>([NotNull] T? value, string kind)
        where T : class =>
        value ?? throw new InvalidOperationException(
            $"The layer of kind '{kind}' belongs to no network yet; a 'Sequential' must be made of it first.");
}
