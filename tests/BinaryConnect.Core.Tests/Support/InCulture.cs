using System.Globalization;

namespace BinaryConnect.Tests.Support;

/// <summary>Runs code in a culture of its own, where numbers look otherwise: 0.5 is 0,5 and −1 is ~1.</summary>
internal static class InCulture
{
    public static void Run(Action action)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = other;
        try
        {
            action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
