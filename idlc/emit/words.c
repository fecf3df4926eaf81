/*
 * Constraints and presence in plain words, for the comments of generated headers.
 */
#include "emit/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_room(idl_text *text, size_t more)
{
    if (text->size - text->len > more)
        return;
    size_t size = text->size < 256 ? 256 : text->size;
    while (size - text->len <= more)
        size *= 2;
    char *bigger = (char *)idl_arena_alloc(text->arena, size);
    if (text->len > 0)
        memcpy(bigger, text->data, text->len);
    text->data = bigger;
    text->size = size;
}

void idl_text_add(idl_text *text, const char *words)
{
    size_t len = strlen(words);
    make_room(text, len);
    memcpy(text->data + text->len, words, len + 1);
    text->len += len;
}

void idl_text_format(idl_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        make_room(text, (size_t)len);
        (void)vsnprintf(text->data + text->len, text->size - text->len, format, again);
        text->len += (size_t)len;
    }
    va_end(again);
}

void idl_text_value(idl_text *text, const idl_value *value)
{
    switch (value->kind) {
    case IDL_VALUE_BOOL: idl_text_add(text, value->u != 0 ? "true" : "false"); return;
    case IDL_VALUE_INT:
        idl_text_format(text, "%s%llu", value->is_negative ? "-" : "",
                        (unsigned long long)value->u);
        return;
    case IDL_VALUE_FLOAT: idl_text_format(text, "%.15g", value->f); return;
    case IDL_VALUE_STRING:
        idl_text_format(text, "\"%.*s\"", (int)(value->len < 80 ? value->len : 80), value->text);
        return;
    case IDL_VALUE_ENUM: idl_text_add(text, value->enumerator->name); return;
    case IDL_VALUE_NONE: return;
    }
}

static bool is_open(const idl_bound *bound)
{
    return bound->value.kind == IDL_VALUE_NONE;
}

static bool is_equal(const idl_value *a, const idl_value *b)
{
    return a->kind == IDL_VALUE_INT && b->kind == IDL_VALUE_INT &&
           a->is_negative == b->is_negative && a->u == b->u;
}

static const char *unit(idl_constraint_kind kind, bool is_one)
{
    switch (kind) {
    case IDL_CONSTRAINT_LEN: return is_one ? " byte" : " bytes";
    case IDL_CONSTRAINT_CHARS: return is_one ? " character" : " characters";
    case IDL_CONSTRAINT_ITEMS: return is_one ? " item" : " items";
    default: return "";
    }
}

static bool is_one(const idl_value *value)
{
    return value->kind == IDL_VALUE_INT && value->u == 1 && !value->is_negative;
}

/* "1 to 32 bytes", "At least 1", "Over 0 and under 1". */
static void say_interval(idl_text *text, const idl_constraint *c)
{
    const idl_bound *low = &c->low;
    const idl_bound *high = &c->high;
    bool is_plain = !low->is_exclusive && !high->is_exclusive;
    if (!is_open(low) && !is_open(high) && is_plain) {
        idl_text_value(text, &low->value);
        if (!is_equal(&low->value, &high->value)) {
            idl_text_add(text, " to ");
            idl_text_value(text, &high->value);
        }
        idl_text_add(text, unit(c->kind, is_one(&high->value)));
        return;
    }
    if (!is_open(low)) {
        idl_text_add(text, low->is_exclusive ? "Over " : "At least ");
        idl_text_value(text, &low->value);
        idl_text_add(text, unit(c->kind, is_one(&low->value)));
    }
    if (is_open(high))
        return;
    if (is_open(low))
        idl_text_add(text, high->is_exclusive ? "Under " : "At most ");
    else
        idl_text_add(text, high->is_exclusive ? " and under " : " and at most ");
    idl_text_value(text, &high->value);
    idl_text_add(text, unit(c->kind, is_one(&high->value)));
}

static void say_values(idl_text *text, const char *lead, const idl_constraint *c)
{
    idl_text_add(text, lead);
    for (size_t i = 0; i < c->n_values; i++) {
        idl_text_add(text, i == 0 ? "" : ", ");
        idl_text_value(text, &c->values[i]);
    }
}

static const char *format_words(int format)
{
    static const char *const words[] = { "",
                                         "A UUID in text",
                                         "An IPv4 address",
                                         "An IPv6 address",
                                         "An IP address",
                                         "A host name",
                                         "An e-mail address",
                                         "A URI",
                                         "A host and a port" };
    return format > 0 && (size_t)format < sizeof words / sizeof words[0] ? words[format]
                                                                         : "A special format";
}

static void say_constraint(idl_text *text, const idl_constraint *c)
{
    switch (c->kind) {
    case IDL_CONSTRAINT_RANGE:
    case IDL_CONSTRAINT_LEN:
    case IDL_CONSTRAINT_CHARS:
    case IDL_CONSTRAINT_ITEMS: say_interval(text, c); break;
    case IDL_CONSTRAINT_IN: say_values(text, "One of ", c); break;
    case IDL_CONSTRAINT_NOT_IN: say_values(text, "Not ", c); break;
    case IDL_CONSTRAINT_MULTIPLE_OF: say_values(text, "A multiple of ", c); break;
    case IDL_CONSTRAINT_FINITE: idl_text_add(text, "Finite"); break;
    case IDL_CONSTRAINT_ASCII: idl_text_add(text, "ASCII"); break;
    case IDL_CONSTRAINT_PATTERN: say_values(text, "Matches ", c); break;
    case IDL_CONSTRAINT_PREFIX: say_values(text, "Begins with ", c); break;
    case IDL_CONSTRAINT_SUFFIX: say_values(text, "Ends with ", c); break;
    case IDL_CONSTRAINT_FORMAT: idl_text_add(text, format_words(c->format)); break;
    case IDL_CONSTRAINT_UNIQUE: idl_text_add(text, "No two alike"); break;
    }
    idl_text_add(text, ".");
}

static void say_all(idl_text *text, const char *lead, const idl_type *type)
{
    for (size_t i = 0; i < type->n_constraints; i++) {
        idl_text_add(text, text->len > 0 && text->data[text->len - 1] != '\n' ? " " : "");
        idl_text_add(text, lead);
        say_constraint(text, &type->constraints[i]);
    }
}

void idl_text_constraints(idl_text *text, const idl_type *type)
{
    say_all(text, "", type);
    if (type->key != NULL)
        say_all(text, "Key: ", type->key);
    if (type->item != NULL)
        say_all(text, type->key != NULL ? "Value: " : "Each: ", type->item);
}

static void add_rules(idl_text *text, const char *lead, const idl_type *type)
{
    for (size_t i = 0; i < type->n_constraints; i++) {
        idl_text_add(text, text->len > 0 ? " " : "");
        idl_text_add(text, i == 0 ? lead : "");
        idl_text_add(text, type->constraints[i].source_text);
    }
}

void idl_text_rules(idl_text *text, const idl_type *type)
{
    add_rules(text, "", type);
    if (type->key != NULL)
        add_rules(text, "key ", type->key);
    if (type->item != NULL)
        add_rules(text, type->key != NULL ? "value " : "each ", type->item);
}

static void say_deprecated(idl_text *text, bool is_deprecated, const char *note)
{
    if (!is_deprecated)
        return;
    idl_text_add(text, text->len > 0 && text->data[text->len - 1] != '\n' ? " " : "");
    idl_text_add(text, "Deprecated");
    if (note != NULL && note[0] != '\0')
        idl_text_format(text, ": %s", note);
    idl_text_add(text, ".");
}

/* The doc comment, ready for words behind it: on its line if it has one, else on a line of their own. */
static void begin_doc(idl_text *text, const char *doc)
{
    text->len = 0;
    idl_text_add(text, "");
    if (doc == NULL)
        return;
    size_t len = strlen(doc);
    while (len > 0 && (doc[len - 1] == '\n' || doc[len - 1] == ' '))
        len--;
    make_room(text, len + 1);
    memcpy(text->data, doc, len);
    text->data[len] = '\0';
    text->len = len;
}

static void part_lines(idl_text *text)
{
    if (text->len > 0 && strchr(text->data, '\n') != NULL)
        idl_text_add(text, "\n");
}

static void say_absence(idl_text *text, const idl_plan_field *field)
{
    const char *lead = text->len > 0 && text->data[text->len - 1] != '\n' ? " " : "";
    switch (field->absence) {
    case IDL_ABSENCE_NULL_DATA:
        idl_text_format(text, "%sOptional: absent when .data is NULL.", lead);
        break;
    case IDL_ABSENCE_NULL_POINTER:
        idl_text_format(text, "%sOptional: NULL when absent.", lead);
        break;
    case IDL_ABSENCE_FLAG:
        idl_text_format(text, "%sOptional: set %s too.", lead, field->has_name);
        break;
    case IDL_ABSENCE_NONE: break;
    }
}

const char *idl_field_doc(idl_text *text, const idl_plan_field *field)
{
    const idl_field *model = field->model;
    begin_doc(text, model->doc);
    size_t documented = text->len;
    part_lines(text);
    size_t start = text->len;
    say_absence(text, field);
    if (model->presence == IDL_PRESENCE_DEFAULTED) {
        idl_text_add(text, text->len > 0 && text->data[text->len - 1] != '\n' ? " " : "");
        idl_text_add(text, "Default: ");
        idl_text_value(text, &model->initial);
        idl_text_add(text, ".");
    }
    idl_text_constraints(text, model->type);
    if (model->is_sensitive) {
        idl_text_add(text, text->len > 0 && text->data[text->len - 1] != '\n' ? " " : "");
        idl_text_add(text, "Sensitive.");
    }
    say_deprecated(text, model->is_deprecated, model->deprecated_note);
    if (text->len == start) {
        text->len = documented;
        text->data[documented] = '\0';
    }
    return text->data;
}

const char *idl_decl_doc(idl_text *text, const char *doc, bool is_deprecated, const char *note)
{
    begin_doc(text, doc);
    if (is_deprecated) {
        part_lines(text);
        say_deprecated(text, true, note);
    }
    return text->data;
}
