/* Reads XML that is certainly well-formed. */
#ifndef PORTABILITY_XML_SCAN_H
#define PORTABILITY_XML_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a document is told by: the local name of an element, and how the namespace begins that the element itself
   declares for its name. A namespace of no bytes is not looked at. */
typedef struct {
    const uint8_t *name;
    size_t name_count;
    const uint8_t *uri;
    size_t uri_count;
} xml_sign;

typedef enum {
    /* The next element declares a namespace: prefix (no bytes: the default) and URI. */
    XML_SCAN_NAMESPACE,
    /* An element begins: its local name, and its prefix as the value. */
    XML_SCAN_START,
    /* It has an attribute: local name and value. */
    XML_SCAN_ATTRIBUTE,
    /* Text as it is written, without references and carriage returns. White space beside a tag is not told of. */
    XML_SCAN_TEXT,
    /* Text with references or carriage returns. */
    XML_SCAN_REFERENCES,
    /* An element ends. */
    XML_SCAN_END,
} xml_event_kind;

/* Offsets into the text. */
typedef struct {
    uint32_t kind;
    uint32_t start;
    uint32_t count;
    uint32_t value;
    uint32_t value_count;
} xml_event;

/* Start tags that were found right before: most of a document's are those of the last. Zeroed at first; for one thread
   at a time. */
enum { XML_TAG_BYTES = 64, XML_TAGS = 1024 };

typedef struct {
    uint8_t bytes[XML_TAG_BYTES];
    /* 0 if there is none. */
    uint8_t count;
    uint8_t name_count;
    uint8_t attributes;
    bool is_empty;
} xml_tag;

typedef struct {
    /* Elements within elements that there may be, at most 240. */
    size_t depth;
    /* Tags and attributes that there may be. */
    size_t pieces;
    const xml_sign *signs;
    size_t sign_count;
    /* XML_TAGS of them, used where nobody asks for events; or NULL. */
    xml_tag *tags;
    /* Is given the events in pieces, also of a document of which nothing is certain at last. NULL if nobody asks;
       else what libxml2 would call wrong in namespaces is not certain either. */
    void (*take)(void *user, const xml_event *events, size_t count);
    void *user;
} xml_rules;

typedef struct {
    /* Behind the document and the white space, comments and instructions after it. */
    size_t end;
    /* The local name of the root. */
    size_t root;
    size_t root_count;
    /* Its tags and attributes. */
    size_t pieces;
    /* True if one of the signs was met. */
    bool has_sign;
    /* True if text holds references. */
    bool has_references;
    /* True if a comment or an instruction stands behind text that is no white space. */
    bool is_split;
} xml_document;

/* Reads one document without XML declaration, from `start` to the end of the text, or to where the next document
   begins. True if it is certainly well-formed, as libxml2 judges; false if that is to be asked: for everything that
   electronic documents seldom have (DOCTYPE, CDATA, names and references beyond ASCII's, more than 16 attributes, ...)
   and for everything wrong. The text is in an encoding that keeps ASCII. */
bool xml_scan(const uint8_t *text, size_t count, size_t start, const xml_rules *rules, xml_document *document);

#endif
