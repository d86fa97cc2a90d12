
namespace BinaryConnect.Models;

/// <summary>What hidden units make of their sums.</summary>
public enum Activation
{
    /// <summary>max(0, x), as in the paper's experiment.</summary>
    Relu,

    /// <summary>x: a network of linear layers, for those who study what the others add.</summary>
    Identity,
}
