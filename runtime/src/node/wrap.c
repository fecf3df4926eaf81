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
    cx_preface_print(&plain, wrap->as.preface);
}

/* Whoever wants encryption hears in clear that there is none here: a GOAWAY would not be understood. */
static void refuse_noise(cx_conn *conn)
{
    static const char words[] = "connections to this address are not encrypted; who wants that all "
                                "the same dials it with plain+ in front";
    uint8_t bytes[CX_REFUSAL_MAX];
    const coax_bytes refusal = { bytes,
                                 cx_refusal_print(COAX_ERR_FAILED_PRECONDITION, words, bytes) };
    size_t written = 0;
    (void)conn->stream->ops->try_write(conn->stream, &refusal, 1, &written);
    cx_endpoint_lost(&conn->endpoint, COAX_ERR_UNIMPLEMENTED,
                     "the peer wants encryption, and this address is plain+");
}

/* Takes bytes of the preface. @return how many. */
static size_t take_preface(cx_conn *conn, const uint8_t *data, size_t len)
{
    cx_wrap *wrap = &conn->wrap;
    cx_preface preface;
    coax_error why = COAX_ERROR_INIT;
    size_t n =
        CX_PREFACE_LEN - wrap->n_preface < len ? (size_t)(CX_PREFACE_LEN - wrap->n_preface) : len;
    memcpy(wrap->as.preface + wrap->n_preface, data, n);
    wrap->n_preface = (uint8_t)(wrap->n_preface + n);
    coax_err rc = cx_preface_parse(wrap->as.preface, wrap->n_preface, &preface, &why);
    if (rc == COAX_OK && preface.security == CX_SECURITY_NOISE)
        refuse_noise(conn);
    else if (rc != COAX_OK && rc != COAX_ERR_WOULD_BLOCK && cx_preface_is_coax(wrap->as.preface))
        cx_endpoint_close(&conn->endpoint, rc, COAX_ERR_UNAVAILABLE, why.text);
    else if (rc != COAX_OK && rc != COAX_ERR_WOULD_BLOCK)
        cx_endpoint_lost(&conn->endpoint, rc, why.text);
    return n;
}

static bool is_client(const cx_conn *conn)
{
    return conn->endpoint.config->role == CX_ROLE_CLIENT;
}

void cx_wrap_receive(cx_conn *conn, uint8_t *data, size_t len)
{
    if (conn->wrap.is_sealed) {
        cx_sealed_receive(conn, data, len);
        return;
    }
    if (!is_client(conn) && conn->wrap.n_preface < CX_PREFACE_LEN) {
        size_t n = take_preface(conn, data, len);
        data += n;
        len -= n;
    }
    if (len > 0)
        cx_conn_feed(conn, data, len);
}

bool cx_wrap_resume(cx_conn *conn)
{
    return !conn->wrap.is_sealed || cx_sealed_resume(conn);
}

/* What of a client's preface has not left. */
static coax_bytes preface_left(const cx_conn *conn)
{
    const cx_wrap *wrap = &conn->wrap;
    coax_bytes left = { NULL, 0 };
    if (!wrap->is_sealed && is_client(conn) && wrap->n_preface < CX_PREFACE_LEN) {
        left.data = wrap->as.preface + wrap->n_preface;
        left.len = (size_t)(CX_PREFACE_LEN - wrap->n_preface);
    }
    return left;
}

static bool write_plain(cx_conn *conn)
{
    coax_bytes pieces[CX_STREAM_PIECES_MAX];
    size_t total = 0;
    size_t written = 0;
    pieces[0] = preface_left(conn);
    const size_t ahead = pieces[0].len;
    size_t n = ahead > 0 ? 1 : 0;
    n += cx_endpoint_output(&conn->endpoint, pieces + n, CX_STREAM_PIECES_MAX - n);
    if (n == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        total += pieces[i].len;
    if (conn->stream->ops->try_write(conn->stream, pieces, n, &written) != COAX_OK)
        return false; /* the stream ends by itself, and says why */
    conn->is_blocked = written < total;
    const size_t of_preface = written < ahead ? written : ahead;
    conn->wrap.n_preface = (uint8_t)(conn->wrap.n_preface + of_preface);
    if (written > of_preface)
        cx_endpoint_sent(&conn->endpoint, written - of_preface);
    return !conn->is_blocked;
}

bool cx_wrap_write(cx_conn *conn)
{
    /* One that came without encryption is turned away so as well. */
    if (!conn->wrap.is_sealed || conn->wrap.as.sealed->last == CX_LAST_PLAIN_GOAWAY)
        return write_plain(conn);
    return cx_sealed_write(conn);
}
