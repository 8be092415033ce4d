#ifndef PORTABILITY_CLIBXML2_SHIM_H
#define PORTABILITY_CLIBXML2_SHIM_H

// Debian builds libxml2 with ICU, whose types clash with the ICU inside Foundation when both meet in one module.
// Only struct _xmlCharEncodingHandler depends on the macro, and it is never allocated from Swift.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlschemas.h>

#endif
