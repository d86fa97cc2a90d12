using System.Text;
using BinaryConnect.Kernels.Elementwise;
using static System.FormattableString;

namespace BinaryConnect.Inference.Export;

/// <summary>Makes constants, functions and statements of the layers of a model.</summary>
internal sealed class CProgram
{
    // Sums of this many bytes fit 16 bits.
    private const int MostNarrowInputs = ushort.MaxValue / byte.MaxValue;
    private const int TableSums = 16;

    private readonly CLayer[] _layers;
    private readonly bool _hasTables;
    private readonly CArrays _weights = new(), _constants = new();
    private readonly List<string> _functions = [];
    private readonly StringBuilder _body = new();

    // Where the inputs of the next layer are, and the values of the arrays on the stack.
    private string _input = "x";
    private int _sums, _bytes, _floats, _otherFloats;
    private bool _keepsTotal;

    public CProgram(CLayer[] layers, CInnerLoop loop)
    {
        _layers = layers;
        _hasTables = loop == CInnerLoop.SumTables;
        foreach (CLayer layer in layers)
        {
            if (layer.HasIntegerSums) AddIntegers(layer);
            else AddFloats(layer);
        }
    }

    /// <summary>The bytes of constants for weights.</summary>
    public long WeightBytes => _weights.Bytes;

    /// <summary>The bytes of other constants.</summary>
    public long OtherBytes => _constants.Bytes + (_functions.Contains(CSums.BitsByTables) ? TableSums : 0);

    /// <summary>The bytes of arrays on the stack.</summary>
    public long StackBytes
    {
        get
        {
            int table = _functions.Contains(CSums.FloatsByTables) ? TableSums : 0;
            return (long)_sums * sizeof(uint) + _bytes + sizeof(float) * ((long)_floats + _otherFloats + table)
                + sizeof(ushort) * Table;
        }
    }

    /// <summary>Whether anything is of floating point.</summary>
    public bool UsesFloats => _floats > 0;

    /// <summary>The constants.</summary>
    public string Constants => $"{_weights}{_constants}";

    /// <summary>The functions that layers call.</summary>
    public string Functions => (_sums == 0 ? "" : HasNarrowSums ? CSums.Narrow + '\n' : CSums.Wide + '\n')
        + string.Join('\n', _functions.Select(Complete));

    /// <summary>The statements of the function that predicts.</summary>
    public string Body
    {
        get
        {
            var arrays = new StringBuilder();
            Declare("uint32_t", "s", _sums);
            Declare("uint16_t", "t", Table);
            Declare("uint8_t", "a", _bytes);
            Declare("float", "f", _floats);
            Declare("float", "g", _otherFloats);
            if (_keepsTotal) arrays.Append("    uint32_t total;\n");
            return $"{arrays}\n{_body}";

            void Declare(string type, string name, int length)
            {
                if (length > 0) arrays.Append(Invariant($"    {type} {name}[{length}];\n"));
            }
        }
    }

    // The sums of four bytes.
    private int Table => _functions.Contains(CSums.BytesByTables) ? TableSums : 0;

    private bool HasNarrowSums => _layers.All(layer => !layer.HasIntegerSums || layer.Inputs <= MostNarrowInputs);

    private string Complete(string function)
    {
        bool isOfFloats = function == CSums.FloatsByTables;
        bool hasTail = _layers.Any(layer =>
            layer.HasPairs && layer.HasIntegerSums != isOfFloats && layer.Inputs % CLayer.GroupInputs != 0);
        string tail = hasTail ? CSums.Tail.Replace("TYPE", isOfFloats ? "float" : "uint8_t", StringComparison.Ordinal) : "";

        // With one caller a compiler makes the function part of it, which saves stack.
        string inline = _layers.Count(layer => layer.HasPairs && layer.HasIntegerSums) > 1 ? "NOINLINE " : "";
        return function.Replace(CSums.TailPlace, tail, StringComparison.Ordinal)
            .Replace(CSums.NoInlinePlace, inline, StringComparison.Ordinal);
    }

    private void AddIntegers(CLayer layer)
    {
        SignThresholds? thresholds = layer.Gives == CValues.Bits ? layer.Kernel.Thresholds : null;
        _weights.Add($"weights{layer.Index}", layer.WeightBits(unit => thresholds?.At(unit).IsInverted ?? false));
        CScores? scores = layer.HasPlainScores ? CScores.Of(layer) : null;
        if (layer.HasPairs)
        {
            _sums = Math.Max(_sums, HasNarrowSums ? layer.Pairs : 2 * layer.Pairs);
            bool keepsTotal = scores is not { Factors: [] };
            _keepsTotal |= keepsTotal;
            string result = keepsTotal ? "total = " : "", table = _hasTables ? "t, " : "";
            Use(CSums.Clear);
            Call(
                _hasTables ? CSums.BytesByTables : CSums.BytesOneByOne,
                $"{result}add_bytes({_input}, {layer.Inputs}, weights{layer.Index}, {layer.Pairs}, {table}s)");
        }
        else
        {
            _sums = Math.Max(_sums, HasNarrowSums ? layer.Pairs : layer.Units);
            Call(
                _hasTables ? CSums.BitsByTables : CSums.BitsOneByOne,
                $"match_bits({_input}, {layer.Inputs}, weights{layer.Index}, {layer.Units}, s)");
        }

        string total = layer.HasPairs ? "total" : Invariant($"{layer.Inputs}");
        if (scores is not null) Finish(layer, scores, total);
        else if (thresholds is not null) Finish(layer, thresholds, total);
        else if (layer.Gives == CValues.Bytes) Finish(layer, layer.Kernel.Rounding!, total);
        else
        {
            _floats = Math.Max(_floats, layer.Units);
            AddAffine(layer);
            Call(CFinishes.Floats, $"scale_sums(s, {total}, {layer.Units}, scale{layer.Index}, offset{layer.Index}, f)");
            FinishFloats(layer, "f");
        }
    }

    private void AddFloats(CLayer layer)
    {
        if (layer.Takes == CValues.Bytes)
        {
            _floats = Math.Max(_floats, layer.Inputs);
            Call(CFinishes.Widen, $"widen({_input}, {layer.Inputs}, f)");
            _input = "f";
        }

        string output = _input == "f" ? "g" : "f";
        int length = layer.HasPairs ? 2 * layer.Pairs : layer.Units;
        if (output == "g") _otherFloats = Math.Max(_otherFloats, length);
        _floats = Math.Max(_floats, output == "f" ? length : 0);
        if (layer.HasPairs)
        {
            _weights.Add($"weights{layer.Index}", layer.WeightBits(_ => false));
            Call(
                _hasTables ? CSums.FloatsByTables : CSums.FloatsOneByOne,
                $"add_floats({_input}, {layer.Inputs}, weights{layer.Index}, {layer.Pairs}, {output})");
        }
        else if (!layer.Packed.Weights.IsEmpty)
        {
            _weights.Add($"weights{layer.Index}", layer.Packed.Weights.Span);
            Call(CSums.RealWeights, $"multiply({_input}, {layer.Inputs}, weights{layer.Index}, {layer.Units}, {output})");
        }
        else Say($"memcpy({output}, {_input}, {layer.Units} * sizeof {output}[0]);");

        AddAffine(layer);
        Call(CFinishes.Affine, $"scale_floats({output}, {layer.Units}, scale{layer.Index}, offset{layer.Index})");
        FinishFloats(layer, output);
    }

    private void AddAffine(CLayer layer)
    {
        _constants.Add($"scale{layer.Index}", layer.Scale);
        _constants.Add($"offset{layer.Index}", layer.Offset);
    }

    // The scores.
    private void Finish(CLayer layer, CScores scores, string total)
    {
        string factor = $"factor{layer.Index}", offset = $"offset{layer.Index}";
        if (scores.Factors.Length == 0)
        {
            _constants.Add(offset, "int32_t", sizeof(int), scores.Offsets);
            Call(CFinishes.Best, $"return best_sum(s, {layer.Units}, {offset}, {scores.Shift})");
            return;
        }

        _constants.Add(factor, "int32_t", sizeof(int), scores.Factors);
        _constants.Add(offset, scores.IsWide ? "int64_t" : "int32_t", scores.IsWide ? sizeof(long) : sizeof(int), scores.Offsets);
        if (!scores.IsWide) Use(CFinishes.Scaled);
        Call(
            scores.IsWide ? CFinishes.WideBest : CFinishes.ScaledBest,
            $"return {(scores.IsWide ? "best_wide_sum" : "best_scaled_sum")}(s, {total}, {layer.Units}, {factor}, {offset})");
    }

    // Bits. An inverted unit has the signs of its weights changed: z < threshold becomes −z ≥ 1 − threshold.
    private void Finish(CLayer layer, SignThresholds thresholds, string total)
    {
        long most = layer.GreatestSum;
        long[] values = new long[layer.Units];
        for (int j = 0; j < values.Length; j++)
        {
            (int threshold, bool isInverted) = thresholds.At(j);
            values[j] = Math.Clamp(isInverted ? 1L - threshold : threshold, -most, most + 1);
        }

        _bytes = Math.Max(_bytes, layer.Kernel.OutputBytes);
        _constants.Add($"threshold{layer.Index}", "int32_t", sizeof(int), values);
        Call(CFinishes.Bits, $"compare_sums(s, {total}, {layer.Units}, threshold{layer.Index}, a)");
        _input = "a";
    }

    // Bytes.
    private void Finish(CLayer layer, FixedPointRounding exact, string total)
    {
        string factor = $"factor{layer.Index}", offset = $"offset{layer.Index}";
        _bytes = Math.Max(_bytes, layer.Units);
        if (NarrowRounding.Of(exact, layer.Units, layer.GreatestSum) is { } narrow)
        {
            Use(CFinishes.Scaled);
            _constants.Add(factor, "int32_t", sizeof(int), narrow.Factors);
            _constants.Add(offset, "int32_t", sizeof(int), narrow.Offsets);
            Call(
                CFinishes.NarrowBytes,
                $"round_sums(s, {total}, {layer.Units}, {factor}, {offset}, {narrow.Shift}, {exact.Low}, {exact.High}, a)");
        }
        else
        {
            long[] factors = new long[layer.Units], offsets = new long[layer.Units];
            for (int j = 0; j < factors.Length; j++) (factors[j], offsets[j]) = exact.At(j);
            _constants.Add(factor, "int32_t", sizeof(int), factors);
            _constants.Add(offset, "int64_t", sizeof(long), offsets);
            Call(
                CFinishes.WideBytes,
                $"round_wide_sums(s, {total}, {layer.Units}, {factor}, {offset}, {exact.Shift}, {exact.Low}, {exact.High}, a)");
        }

        _input = "a";
    }

    private void FinishFloats(CLayer layer, string y)
    {
        if (!float.IsNegativeInfinity(layer.Packed.Low))
            Call(CFinishes.AtLeast, $"raise({y}, {layer.Units}, {CArrays.FloatText(layer.Packed.Low)})");
        if (!float.IsPositiveInfinity(layer.Packed.High))
            Call(CFinishes.AtMost, $"lower({y}, {layer.Units}, {CArrays.FloatText(layer.Packed.High)})");
        if (layer.Packed.HasSignOutput && layer.Gives != CValues.Bits) Call(CFinishes.Signs, $"take_signs({y}, {layer.Units})");
        _input = y;
        if (layer.IsLast) Call(CFinishes.BestFloat, $"return best_float({y}, {layer.Units})");
        if (layer.Gives == CValues.Floats) return;
        _bytes = Math.Max(_bytes, layer.Kernel.OutputBytes);
        _input = "a";
        if (layer.Gives == CValues.Bits)
        {
            Call(CFinishes.BitsOfFloats, $"compare_floats({y}, {layer.Units}, a)");
            return;
        }

        ByteScaling bytes = layer.Kernel.BytesOfOutputs!.Value;
        string factor = CArrays.FloatText(1 / bytes.Scale), shift = CArrays.FloatText(bytes.Shift);
        Call(CFinishes.BytesOfFloats, $"round_floats({y}, {layer.Units}, {factor}, {shift}, a)");
    }

    private void Call(string function, FormattableString statement)
    {
        Use(function);
        Say($"{Invariant(statement)};");
    }

    private void Use(string function)
    {
        if (!_functions.Contains(function)) _functions.Add(function);
    }

    private void Say(FormattableString statement) => _body.Append("    ").Append(Invariant(statement)).Append('\n');
}
