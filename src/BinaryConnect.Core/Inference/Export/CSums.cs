namespace BinaryConnect.Inference.Export;

/// <summary>
/// The C functions that sum inputs by weights. Integer sums have 32 bits, or are narrow: two of 16 bits in a word.
/// </summary>
internal static class CSums
{
    /// <summary>Narrow sums in an array of words.</summary>
    public const string Narrow = """
        /* Two sums of 16 bits share a word. */
        #define SUM(s, j) ((j) & 1 ? (s)[(j) / 2] >> 16 : (s)[(j) / 2] & 0xFFFF)
        #define NEXT_SUM(s, pair, j) ((pair) = (j) & 1 ? (pair) >> 16 : *(s)++, (pair) & 0xFFFF)
        #define PUT_SUM(s, j, sum) ((s)[(j) / 2] = (j) & 1 ? (s)[(j) / 2] | (uint32_t)(sum) << 16 : (uint32_t)(sum))
        #define PAIR_WORDS 1
        #define ADD_FIRST(p, x) ((p)[0] += (x))
        #define ADD_SECOND(p, x) ((p)[0] += (uint32_t)(x) << 16)

        """;

    /// <summary>Sums in words of their own.</summary>
    public const string Wide = """
        #define SUM(s, j) ((s)[j])
        #define NEXT_SUM(s, pair, j) ((pair) = *(s)++)
        #define PUT_SUM(s, j, sum) ((s)[j] = (uint32_t)(sum))
        #define PAIR_WORDS 2
        #define ADD_FIRST(p, x) ((p)[0] += (x))
        #define ADD_SECOND(p, x) ((p)[1] += (x))

        """;

    /// <summary>Where <see cref="Tail"/> goes, if a layer has inputs that are no multiple of four.</summary>
    public const string TailPlace = "#TAIL#\n";

    /// <summary>Where NOINLINE goes, if several layers call a function.</summary>
    public const string NoInlinePlace = "#NOINLINE#";

    /// <summary>Lines for inputs that are no multiple of four.</summary>
    public const string Tail = """
                TYPE rest[4] = { 0, 0, 0, 0 };
                if (inputs < 4)
                {
                    memcpy(rest, x, inputs * sizeof rest[0]);
                    x = rest;
                }

        """;

    public const string BytesByTables = """
        #define SUM_AT(offset) (*(const uint16_t *)(const void *)((const char *)t + ((offset) & 30)))

        /* t[k] = the sum of those of four inputs whose bit of k is 1; returns the sum of all. */
        static NOINLINE uint_fast16_t sum_four(const uint8_t *x, uint16_t *t)
        {
            uint_fast16_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], both = x0 + x1;
            if ((both | x2 | x3) == 0) return 0;
            t[0] = 0;
            t[1] = (uint16_t)x0;
            t[2] = (uint16_t)x1;
            t[3] = (uint16_t)both;
            t[4] = (uint16_t)x2;
            t[5] = (uint16_t)(x0 + x2);
            t[6] = (uint16_t)(x1 + x2);
            t[7] = (uint16_t)(both + x2);
            t[8] = (uint16_t)x3;
            t[9] = (uint16_t)(x0 + x3);
            t[10] = (uint16_t)(x1 + x3);
            t[11] = (uint16_t)(both + x3);
            x2 += x3;
            t[12] = (uint16_t)x2;
            t[13] = (uint16_t)(x0 + x2);
            t[14] = (uint16_t)(x1 + x2);
            t[15] = (uint16_t)(both + x2);
            return both + x2;
        }

        /*
         * s[j] = the sum of the x[i] whose weight of unit j is +1; returns the sum of all x[i]. Four inputs have 16 sums, t;
         * the four weights of a unit choose one. A byte of w has four weights of two units.
         */
        static #NOINLINE#uint32_t add_bytes(
            const uint8_t *x, uint_fast16_t inputs, const uint8_t *w, uint_fast16_t pairs, uint16_t *t, uint32_t *s)
        {
            uint32_t total = 0;
            clear(s, pairs);
            for (;;)
            {
                const uint8_t *end = w + pairs;
                uint32_t *p = s;
                uint_fast16_t sum;
        #TAIL#
                sum = sum_four(x, t);
                total += sum;
                if (sum == 0) w = end; /* zeros add nothing */
                for (; w != end; w++, p += PAIR_WORDS)
                {
                    uint_fast8_t b = READ8(w);
                    ADD_FIRST(p, SUM_AT(b << 1));
                    ADD_SECOND(p, SUM_AT(b >> 3));
                }
                if (inputs <= 4) return total;
                inputs -= 4;
                x += 4;
            }
        }

        """;

    public const string BytesOneByOne = """
        /*
         * s[j] = the sum of the x[i] whose weight of unit j is +1; returns the sum of all x[i]. A byte of w has the weights of
         * four inputs for two units.
         */
        static uint32_t add_bytes(
            const uint8_t *x, uint_fast16_t inputs, const uint8_t *w, uint_fast16_t pairs, uint32_t *s)
        {
            uint32_t total = 0;
            uint_fast8_t first = 1; /* the bit of this input for the first unit of a pair */
            clear(s, pairs);
            for (; inputs != 0; inputs--, x++)
            {
                uint_fast16_t j;
                uint32_t *p = s;
                total += *x;
                for (j = 0; *x != 0 && j < pairs; j++, p += PAIR_WORDS)
                {
                    uint_fast8_t b = READ8(w + j);
                    if (b & first) ADD_FIRST(p, *x);
                    if (b & first << 4) ADD_SECOND(p, *x);
                }
                first <<= 1;
                if (first == 16)
                {
                    first = 1;
                    w += pairs;
                }
            }
            return total;
        }

        """;

    /// <summary>A loop that compilers do not replace by a call: that may cost more flash than all other code.</summary>
    public const string Clear = """
        /* Volatile, so that no compiler calls memset, which may cost more flash than the other code. */
        static void clear(uint32_t *s, uint_fast16_t pairs)
        {
            volatile uint32_t *p = s;
            for (; p != s + PAIR_WORDS * pairs; p++) *p = 0;
        }

        """;

    public const string FloatsByTables = """
        /*
         * s[j] = the sum of all x[i] times +1 or -1. Four inputs have 16 such sums; the four weights of a unit choose one. A
         * byte of w has four weights of two units.
         */
        static void add_floats(
            const float *x, uint_fast16_t inputs, const uint8_t *w, uint_fast16_t pairs, float *s)
        {
            float t[16];
            memset(s, 0, 2 * pairs * sizeof *s);
            for (;;)
            {
                const uint8_t *end = w + pairs;
                float *p = s;
                uint_fast8_t k;
        #TAIL#
                for (k = 0; k < 16; k++)
                {
                    float low = (k & 1 ? x[0] : -x[0]) + (k & 2 ? x[1] : -x[1]);
                    float high = (k & 4 ? x[2] : -x[2]) + (k & 8 ? x[3] : -x[3]);
                    t[k] = low + high;
                }
                for (; w != end; w++, p += 2)
                {
                    uint_fast8_t b = READ8(w);
                    p[0] += t[b & 15];
                    p[1] += t[b >> 4];
                }
                if (inputs <= 4) return;
                inputs -= 4;
                x += 4;
            }
        }

        """;

    public const string FloatsOneByOne = """
        /* s[j] = the sum of all x[i] times +1 or -1. A byte of w has the weights of four inputs for two units. */
        static void add_floats(
            const float *x, uint_fast16_t inputs, const uint8_t *w, uint_fast16_t pairs, float *s)
        {
            uint_fast8_t first = 1; /* the bit of this input for the first unit of a pair */
            memset(s, 0, 2 * pairs * sizeof *s);
            for (; inputs != 0; inputs--, x++)
            {
                uint_fast16_t j;
                for (j = 0; *x != 0 && j < pairs; j++)
                {
                    uint_fast8_t b = READ8(w + j);
                    s[2 * j] += b & first ? *x : -*x;
                    s[2 * j + 1] += b & first << 4 ? *x : -*x;
                }
                first <<= 1;
                if (first == 16)
                {
                    first = 1;
                    w += pairs;
                }
            }
        }

        """;

    public const string BitsByTables = """
        static const uint8_t ones[16] FLASH = { 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4 };

        /* s[j] = the number of bits of x that are those of unit j. */
        static void match_bits(
            const uint8_t *x, uint_fast16_t inputs, const uint8_t *w, uint_fast16_t units, uint32_t *s)
        {
            uint_fast16_t i, j;
            for (j = 0; j < units; j++)
            {
                uint_fast16_t equal = inputs;
                for (i = 0; i < (inputs + 7) / 8; i++, w++)
                {
                    uint_fast8_t b = x[i] ^ READ8(w);
                    equal -= (uint_fast16_t)(READ8(ones + (b & 15)) + READ8(ones + (b >> 4)));
                }
                PUT_SUM(s, j, equal);
            }
        }

        """;

    public const string BitsOneByOne = """
        /* s[j] = the number of bits of x that are those of unit j. */
        static void match_bits(
            const uint8_t *x, uint_fast16_t inputs, const uint8_t *w, uint_fast16_t units, uint32_t *s)
        {
            uint_fast16_t i, j;
            for (j = 0; j < units; j++)
            {
                uint_fast16_t equal = inputs;
                for (i = 0; i < (inputs + 7) / 8; i++, w++)
                {
                    uint_fast8_t b = x[i] ^ READ8(w);
                    for (; b != 0; b &= b - 1) equal--;
                }
                PUT_SUM(s, j, equal);
            }
        }

        """;

    public const string RealWeights = """
        /* s[j] = the sum of all x[i] times the weights of unit j. */
        static void multiply(const float *x, uint_fast16_t inputs, const float *w, uint_fast16_t units, float *s)
        {
            for (; units != 0; units--, s++)
            {
                uint_fast16_t i;
                for (*s = 0, i = 0; i < inputs; i++, w++) *s += x[i] * READ_FLOAT(w);
            }
        }

        """;
}
