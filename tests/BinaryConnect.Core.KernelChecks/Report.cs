using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

/// <summary>Runs checks and counts them; every form of a kernel is one.</summary>
internal sealed class Report
{
    private static readonly Form[] Forms = [Form.Scalar, Form.Lanes128, Form.Lanes256, Form.Lanes512, Form.Dispatched];
    private static readonly Side[] Sides = [Side.Start, Side.End];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>
    /// Checks all forms of a kernel, with its memory against either page. <paramref name="fault"/> describes a fault,
    /// or is null.
    /// </summary>
    public void Kernel(string name, Func<Form, Side, string?> fault) => Kernel(name, Forms, fault);

    public void Kernel(string name, Form[] forms, Func<Form, Side, string?> fault)
    {
        foreach (Form form in forms)
        {
            string? found = null;
            foreach (Side side in Sides)
            {
                if (fault(form, side) is { } text) found ??= $"memory against its {side}: {text}";
            }

            Count($"{name}, {form}", found);
        }

        Console.WriteLine($"{name}: {string.Join(", ", forms)}");
    }

    public void Count(string name, string? fault)
    {
        if (fault is null)
        {
            Passed++;
            return;
        }

        Failed++;
        Console.WriteLine($"FAILED {name}: {fault}");
    }
}
