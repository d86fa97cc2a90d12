
namespace BinaryConnect.Models;

/// <summary>The activation function of hidden layers.</summary>
public enum Activation
{
    /// <summary>max(0, x), as in the paper's experiment.</summary>
    Relu,

    /// <summary>f(x) = x. The network is then linear: a baseline that shows the effect of the ReLU.</summary>
    Identity,

    /// <summary>sign(x), sign(0) being +1; the gradient passes where |x| ≤ 1 (BinaryNet, arXiv 1602.02830).</summary>
    Sign,
}
