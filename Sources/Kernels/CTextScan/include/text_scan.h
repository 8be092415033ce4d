/* Loops over bytes for which Swift has no instructions: finding bytes and patterns in wide registers. */
#ifndef PORTABILITY_TEXT_SCAN_H
#define PORTABILITY_TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first place of `needle` in `text`, -1 if there is none. */
ptrdiff_t text_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count);

/* True if a text is UTF-8 (Unicode 15, table 3-7). */
bool text_is_utf8(const uint8_t *text, size_t count);

/*
 * The sieve: finds the lines of JSON that may matter without reading them.
 *
 * All of a line that lies outside of its strings is its shape: each string is one quote in it, each run of digits one
 * digit, each run of white space one space, every other byte itself. Whether a line is JSON is told by its shape alone,
 * provided that its strings hold right escapes, no control characters and nothing but UTF-8, and that no number has a
 * zero too many in front. The lines of a log have few shapes. The sieve knows those that it was told are well-formed
 * objects, and hands over, as doubtful, each line of another shape; and where a name or a wanted member's value is
 * written with escapes. So no grammar is written here.
 *
 * The loops are compiled for several kinds of machine. All give the same answers.
 */

/* A name of a member, at any depth, by which a line may matter. */
struct text_member {
    const uint8_t *name; /* as between the quotes, without escapes; not empty */
    size_t count;
    uint8_t last;          /* byte of the name */
    uint8_t distance;      /* of the quotes around it, at most 63 */
    bool structures;       /* an object or array as its value matters */
    uint64_t any_distance; /* all bits if the distance is more, else none */
};

/* A place in the table of wanted values, free if `count` is 0. */
struct text_value {
    uint64_t hash;
    uint32_t start;
    uint32_t count;
};

/* What is looked for. Read by any number of sieves at once. */
struct text_question {
    const struct text_member *members;
    size_t member_count;
    const uint8_t *bytes;     /* of the values */
    struct text_value *slots; /* more than there are values; a power of two */
    uint64_t slot_mask;
    uint64_t seed;
    size_t line_limit;       /* a line of more bytes matters */
    bool names_need_escapes; /* a name has a character that JSON may or must write with an escape of two characters */
};

/* A line, without its end. */
struct text_line {
    size_t start;
    size_t count;
    size_t number; /* of lines before it */
};

/* Puts a value of a member into the table; its bytes are in the question's from `start` on, and are not none. */
void text_question_add(struct text_question *question, size_t member, uint32_t start, uint32_t count);

/* True if a value of a member is wanted. */
bool text_question_wants(const struct text_question *question, size_t member, const uint8_t *value, size_t count);

enum text_machine { text_machine_any, text_machine_avx2, text_machine_avx512 };

/* The best kind of loop for this machine. */
enum text_machine text_machine_best(void);

struct text_sieve;

/* A sieve for one thread; NULL if there is no memory. The machine must be able to run `machine`. */
struct text_sieve *text_sieve_make(const struct text_question *question, enum text_machine machine);

void text_sieve_free(struct text_sieve *sieve);

enum text_stop {
    text_stop_end,     /* all lines were looked at */
    text_stop_full,    /* there is no more room for marks */
    text_stop_doubtful /* `next` is the line to be decided about; go on behind it */
};

/*
 * Goes on through a text at `next`, the place and number of a line's first byte, and keeps it up to date. Lines end
 * with LF, which the last need not have. Those that matter are added to `marks`, of which `marked` are filled.
 */
enum text_stop text_sieve_run(struct text_sieve *sieve, const uint8_t *text, size_t count, struct text_line *next,
                              struct text_line *marks, size_t *marked, size_t capacity);

/* Says that the doubtful line at which the sieve has just stopped is a well-formed object. */
void text_sieve_learn(struct text_sieve *sieve);

#endif
