using System.Globalization;

namespace BinaryConnect.Inference.Export;

/// <summary>The texts of the three files.</summary>
internal static class CText
{
    private const string Flash = """
        #if defined(__AVR__) /* constants stay in flash */
        #include <avr/pgmspace.h>
        #define FLASH PROGMEM
        #define READ8(p) pgm_read_byte(p)
        #define READ16(p) pgm_read_word(p)
        #define READ32(p) pgm_read_dword(p)
        #define READ64(to, p) memcpy_P((to), (p), 8)
        #define READ_FLOAT(p) pgm_read_float(p)
        #define COPY(to, from, size) memcpy_P((to), (from), (size))
        #else
        #define FLASH
        #define READ8(p) (*(p))
        #define READ16(p) (*(p))
        #define READ32(p) (*(p))
        #define READ64(to, p) (*(to) = *(p))
        #define READ_FLOAT(p) (*(p))
        #define COPY(to, from, size) memcpy((to), (from), (size))
        #endif

        """;

    private const string NoInline = """
        #if defined(__GNUC__) /* so that its variables stay in registers */
        #define NOINLINE __attribute__((noinline))
        #else
        #define NOINLINE
        #endif

        """;

    /// <summary>NAME.c.</summary>
    public static string Code(string name, CInput input, CLayer[] layers, CProgram program, CInnerLoop loop)
    {
        return $$"""
            {{Head(name, layers, program, loop)}}
            #include "{{name}}.h"

            #include <string.h>

            {{Flash}}
            {{NoInline}}
            {{program.Constants}}{{program.Functions}}
            int {{name}}_predict(const {{CArrays.TypeOf(input)}} *x)
            {
            {{program.Body}}}

            """;
    }

    /// <summary>NAME.h.</summary>
    public static string Header(string name, PackedModel model, CInput input)
    {
        string guard = name.ToUpperInvariant();
        string value = input == CInput.Floats
            ? "features, as the model was trained on them"
            : "bytes, as the model was trained on them: pixels of MNIST are 0 for black";
        return $$"""
            /* Made by BinaryConnect from a packed model. */
            #ifndef {{guard}}_H
            #define {{guard}}_H

            #include <stdint.h>

            #define {{guard}}_INPUTS {{model.FeatureCount}}
            #define {{guard}}_CLASSES {{model.ClassCount}}

            #ifdef __cplusplus
            extern "C" {
            #endif

            /* The class of x, {{guard}}_INPUTS {{value}}: from 0 to {{guard}}_CLASSES - 1. */
            int {{name}}_predict(const {{CArrays.TypeOf(input)}} *x);

            /* The test vectors of {{name}}_test.c that get another class than the library gave: 0 if all is well. */
            int {{name}}_test(void);

            #ifdef __cplusplus
            }
            #endif

            #endif

            """;
    }

    /// <summary>NAME_test.c.</summary>
    public static string Test(string name, CTestVectors vectors)
    {
        string guard = name.ToUpperInvariant();
        return $$"""
            /* Made by BinaryConnect: rows and the classes that the library gives them. */
            #include "{{name}}.h"

            #include <string.h>

            {{Flash}}
            {{vectors.Constants}}int {{name}}_test(void)
            {
                {{vectors.Type}} x[{{guard}}_INPUTS];
                const {{vectors.Type}} *vector = vectors;
                int i, wrong = 0;
                for (i = 0; i < {{vectors.Count}}; i++, vector += {{guard}}_INPUTS)
                {
                    COPY(x, vector, sizeof x);
                    if ({{name}}_predict(x) != (int16_t)READ16(classes + i)) wrong++;
                }
                return wrong;
            }

            #ifndef {{guard}}_NO_MAIN
            int main(void)
            {
                return {{name}}_test();
            }
            #endif

            """;
    }

    private static string Head(string name, CLayer[] layers, CProgram program, CInnerLoop loop)
    {
        COperations operations = COperations.Of(layers, loop);
        string multiplied = operations.Multiplications.ToString("N0", CultureInfo.InvariantCulture);
        string listed = string.Join('\n', layers.Select(layer => $" * layer {layer.Index}: {Describe(layer)}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            /*
             * {name}.c: made by BinaryConnect from a packed model. C99, with no headers but stdint.h and string.h.
             *
            {listed}
             *
             * Flash: {program.WeightBytes:N0} bytes of weights, {program.OtherBytes:N0} bytes of other constants, and the code.
             * RAM: {program.StackBytes:N0} bytes of arrays on the stack beside the input, and saved registers. Nothing is
             *   static or on the heap, so that any number of threads may predict at once.
             * Operations: at most {operations.Additions:N0} additions of values, and {multiplied} multiplications,
             *   {(program.UsesFloats ? "some" : "none")} of them with floating point.
             *
             * Integers are of two's complement, and >> of a negative one keeps its sign, as with gcc and clang.
             */
            """);
    }

    private static string Describe(CLayer layer)
    {
        string takes = layer.Takes switch { CValues.Bytes => "bytes", CValues.Bits => "bits", _ => "floats" };
        string weights = !layer.Packed.SignBits.IsEmpty ? "signs" : layer.Packed.Weights.IsEmpty ? "no weights" : "real weights";
        string gives = layer.IsLast ? "classes"
            : layer.Gives switch { CValues.Bytes => "bytes", CValues.Bits => "bits", _ => "floats" };
        return string.Create(CultureInfo.InvariantCulture, $"{layer.Inputs:N0} {takes}, {weights}, {layer.Units:N0} {gives}");
    }
}
