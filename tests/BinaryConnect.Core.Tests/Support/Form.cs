
namespace BinaryConnect.Tests.Support;

/// <summary>
/// The forms of a kernel. Most run on any machine: the runtime emulates missing registers with smaller ones. Forms of a
/// machine's own instructions do not; the kernel's switch lists the supported ones.
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
