
namespace BinaryConnect.Tests.Support;

/// <summary>
/// The forms a kernel has. All run on any machine: where one lacks the registers, the runtime makes them of smaller
/// ones. Only those made of a machine's own instructions do not, and the kernel's switch says which are supported.
/// </summary>
internal enum Form
{
    /// <summary>The plain loop that is the definition.</summary>
    Scalar,

    /// <summary>128-bit registers.</summary>
    Lanes128,

    /// <summary>256-bit registers.</summary>
    Lanes256,

    /// <summary>512-bit registers.</summary>
    Lanes512,

    /// <summary>Whichever the library chooses here.</summary>
    Dispatched,
}
