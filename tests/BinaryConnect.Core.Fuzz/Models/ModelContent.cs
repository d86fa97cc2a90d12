using BinaryConnect.Inference;
using BinaryConnect.Models;

namespace BinaryConnect.Fuzz.Models;

/// <summary>A network and the facts that were read with it.</summary>
internal sealed record ModelContent(Sequential Network, ModelFacts Facts);
