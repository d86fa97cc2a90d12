namespace BinaryConnect.Tests.Packaging;

// This test data also has members that no library should have.
#pragma warning disable CA1000, CA1034, CA1045, CA1051, CA1715, CA2211, CA1822, CA1716
#pragma warning disable CA1044, CA1024, CA2225, CA1710, CA1720, CS0649, CS0067, IDE0051, IDE0052

/// <summary>seen. Members of every kind. The documentation of each says whether another assembly sees it.</summary>
public class DocumentedShapes<TOuter>
{
    /// <summary>seen</summary>
    public TOuter? Field;

    /// <summary>hidden</summary>
    internal int InternalField;

    /// <summary>seen</summary>
    protected internal int ProtectedInternalField;

    /// <summary>hidden</summary>
    private protected int PrivateProtectedField;

    /// <summary>seen</summary>
    public DocumentedShapes()
    {
    }

    /// <summary>hidden</summary>
    internal DocumentedShapes(int value) => InternalField = value;

    /// <summary>seen</summary>
    protected DocumentedShapes(TOuter[] values, ref int count, out TOuter first, in Span<int> span) =>
        (first, count) = (values[0], span.Length);

    /// <summary>seen</summary>
    public event EventHandler<TOuter>? Happened;

    /// <summary>hidden</summary>
    internal event EventHandler? HappenedInside;

    /// <summary>seen</summary>
    public delegate TItem Callback<TItem>(TOuter outer, List<TItem> items);

    /// <summary>seen</summary>
    public int Property { get; internal set; }

    /// <summary>hidden</summary>
    internal int InternalProperty { get; set; }

    /// <summary>seen</summary>
    public int this[int row, string name] => row;

    /// <summary>seen</summary>
    public static implicit operator int(DocumentedShapes<TOuter> shapes) => 0;

    /// <summary>seen</summary>
    public static explicit operator Dictionary<string, TOuter[]>(DocumentedShapes<TOuter> shapes) => [];

    /// <summary>seen</summary>
    public static DocumentedShapes<TOuter> operator +(DocumentedShapes<TOuter> left, DocumentedShapes<TOuter> right) => left;

    /// <summary>seen</summary>
    public void Overloaded(ReadOnlySpan<float> values, int[,] grid, int[][] rows)
    {
    }

    /// <summary>hidden</summary>
    internal void Overloaded(ReadOnlySpan<byte> values, int[,] grid, int[][] rows)
    {
    }

    /// <summary>seen</summary>
    public TItem Generic<TItem, TOther>(
        TItem item, Func<TOther, TOuter> function, Nested<TItem>.Inner inner, int? number) => item;

    /// <summary>seen</summary>
    protected virtual unsafe void Pointer(int* pointer, DocumentedShapes<int>.Nested<string> nested)
    {
    }

    /// <summary>hidden</summary>
    private void Private()
    {
    }

    /// <summary>seen</summary>
    public class Nested<TItem>
    {
        /// <summary>seen</summary>
        public enum Kind
        {
            /// <summary>seen</summary>
            One,
        }

        /// <summary>seen</summary>
        public struct Inner
        {
            /// <summary>seen</summary>
            public (TItem Item, TOuter Outer) Pair { get; set; }

            /// <summary>hidden</summary>
            internal void Method(TItem item)
            {
            }
        }
    }

    /// <summary>hidden</summary>
    internal sealed class NestedInside
    {
        /// <summary>hidden</summary>
        public enum Kind
        {
            /// <summary>hidden</summary>
            One,
        }

        /// <summary>hidden</summary>
        public int Field;
    }
}
