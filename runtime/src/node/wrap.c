/*
 * The preface of a connection: sent once, judged once.
 *
 * Who speaks something else is left without an answer, which it would not understand. Read next:
 * conn.c.
 */
#include <string.h>

#include "node/conn.h"

void cx_wrap_dial(cx_wrap *wrap)
{
    const cx_preface plain = { .security = CX_SECURITY_NONE };
    cx_preface_print(&plain, wrap->preface);
}

/* Everything of it is there. */
static void judge(cx_conn *conn, const cx_preface *preface)
{
    if (preface->security != CX_SECURITY_NONE)
        cx_endpoint_close(&conn->endpoint, COAX_ERR_UNIMPLEMENTED, COAX_ERR_UNAVAILABLE,
                          "encryption is not in this build yet");
}

/* Takes bytes of the preface. @return how many. */
static size_t take_preface(cx_conn *conn, const uint8_t *data, size_t len)
{
    cx_wrap *wrap = &conn->wrap;
    cx_preface preface;
    coax_error why = COAX_ERROR_INIT;
    size_t n =
        CX_PREFACE_LEN - wrap->n_preface < len ? (size_t)(CX_PREFACE_LEN - wrap->n_preface) : len;
    memcpy(wrap->preface + wrap->n_preface, data, n);
    wrap->n_preface = (uint8_t)(wrap->n_preface + n);
    coax_err rc = cx_preface_parse(wrap->preface, wrap->n_preface, &preface, &why);
    if (rc == COAX_OK)
        judge(conn, &preface);
    else if (rc != COAX_ERR_WOULD_BLOCK && cx_preface_is_coax(wrap->preface))
        cx_endpoint_close(&conn->endpoint, rc, COAX_ERR_UNAVAILABLE, why.text);
    else if (rc != COAX_ERR_WOULD_BLOCK)
        cx_endpoint_lost(&conn->endpoint, rc, why.text);
    return n;
}

void cx_wrap_receive(cx_conn *conn, uint8_t *data, size_t len)
{
    bool is_server = conn->endpoint.config->role == CX_ROLE_SERVER;
    if (is_server && conn->wrap.n_preface < CX_PREFACE_LEN) {
        size_t n = take_preface(conn, data, len);
        data += n;
        len -= n;
    }
    if (len > 0)
        cx_conn_feed(conn, data, len);
}

coax_bytes cx_wrap_ahead(const cx_wrap *wrap, bool is_client)
{
    size_t left = is_client ? (size_t)(CX_PREFACE_LEN - wrap->n_preface) : 0;
    return (coax_bytes){ left > 0 ? wrap->preface + wrap->n_preface : NULL, left };
}

size_t cx_wrap_sent(cx_wrap *wrap, bool is_client, size_t written)
{
    size_t left = is_client ? (size_t)(CX_PREFACE_LEN - wrap->n_preface) : 0;
    size_t n = written < left ? written : left;
    wrap->n_preface = (uint8_t)(wrap->n_preface + n);
    return written - n;
}
