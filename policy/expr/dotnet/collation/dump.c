/* Prints what ICU's root collation and grapheme clusters are made of; make.go
 * reads it. How to run both: README.md. */
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/ucoleitr.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>

static UErrorCode status = U_ZERO_ERROR;
static UCollationElements *elements;

/* One line: "e <code points>:<collation elements>", in hexadecimal. */
static void print_elements(const UChar *s, int length) {
    int i = 0, element;
    char *separator = " ";
    UChar32 c;
    printf("e");
    while (i < length) {
        U16_NEXT(s, i, length, c);
        printf("%s%X", separator, c);
        separator = "+";
    }
    separator = ":";
    ucol_setText(elements, s, length, &status);
    while ((element = ucol_next(elements, &status)) != UCOL_NULLORDER) {
        printf("%s%08X", separator, element);
        separator = ",";
    }
    printf("\n");
}

static UChar rules[65536], lowers[512], highers[512];
static int rules_length, pairs;

static void add_rule(UChar lower, UChar higher) {
    rules[rules_length++] = '&';
    if (lower < 0x80) {
        rules[rules_length++] = '\\';
    }
    rules[rules_length++] = lower;
    rules[rules_length++] = '<';
    rules[rules_length++] = higher;
    lowers[pairs] = lower;
    highers[pairs++] = higher;
}

/* The rules that .NET adds to compare without case: kana and width, which are of
 * the same level as case, must still differ. "i <lower>+<higher>:<sort key of the higher>" */
static void print_widths(void) {
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    UCollator *collator;
    UChar c;
    int i, k;
    for (c = 0x3041; c <= 0x309E; c++) {
        if (c < 0x3097 || c > 0x309C) {
            add_rule(c, c + 0x60);
        }
    }
    for (c = 0xFF01; c <= 0xFFE6; c++) {
        UChar other[8];
        int excepted = c == 0xFF3C || c == 0xFF5F || c == 0xFF60 || c == 0xFF70 || c == 0xFF9E || c == 0xFF9F || c == 0xFFDC;
        int single = unorm2_normalize(nfkc, &c, 1, other, 8, &status) == 1;
        if (c == 0xFFE3) {
            add_rule(0xAF, c);
        } else if (single && other[0] != c && !excepted) {
            add_rule(other[0], c);
        }
    }
    collator = ucol_openRules(rules, rules_length, UCOL_OFF, UCOL_SECONDARY, NULL, &status);
    for (i = 0; i < pairs; i++) {
        uint8_t key[64];
        int length = ucol_getSortKey(collator, &highers[i], 1, key, 64);
        printf("i %X+%X:", lowers[i], highers[i]);
        for (k = 0; k < length; k++) {
            printf("%02X", key[k]);
        }
        printf("\n");
    }
}

/* The scripts whose consonants are one cluster where a virama links them. */
static int links(UChar32 c) {
    switch (uscript_getScript(c, &status)) {
    case USCRIPT_GUJARATI:
    case USCRIPT_TELUGU:
    case USCRIPT_MALAYALAM:
    case USCRIPT_ORIYA:
    case USCRIPT_BENGALI:
    case USCRIPT_DEVANAGARI:
        return 1;
    default:
        return 0;
    }
}

int main(void) {
    UCollator *root = ucol_open("", &status);
    USet *contractions = uset_openEmpty();
    UChar s[64];
    UChar32 c, last;
    int i, length;
    elements = ucol_openElements(root, s, 0, &status);
    for (c = 0; c < 0x110000; c++) {
        if (c == 0xFFFE || c == 0xFFFF || (u_isdefined(c) && u_charType(c) != U_PRIVATE_USE_CHAR && !U_IS_SURROGATE(c))) {
            length = 0;
            U16_APPEND_UNSAFE(s, length, c);
            print_elements(s, length);
        }
    }
    ucol_getContractionsAndExpansions(root, contractions, NULL, 1, &status);
    for (i = 0; i < uset_getItemCount(contractions); i++) {
        length = uset_getItem(contractions, i, &c, &last, s, 64, &status);
        if (length >= 2) {
            print_elements(s, length);
        }
    }
    /* "g <code point>:<break property>"; 100 is added for a pictograph; 20 and 21
     * are viramas and the consonants that they link. */
    for (c = 0; c < 0x110000; c++) {
        int property = u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK);
        if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) {
            property += 100;
        }
        if (links(c)) {
            switch (u_getIntPropertyValue(c, UCHAR_INDIC_SYLLABIC_CATEGORY)) {
            case U_INSC_VIRAMA:
                property = 20;
                break;
            case U_INSC_CONSONANT:
                property = 21;
                break;
            }
        }
        if (property != U_GCB_OTHER) {
            printf("g %X:%d\n", c, property);
        }
    }
    print_widths();
    if (U_FAILURE(status)) {
        fprintf(stderr, "%s\n", u_errorName(status));
        return 1;
    }
    return 0;
}
