/*
 * A client that waits: each call blocks until its result is there.
 *
 *     client [ADDRESS]        tcp://127.0.0.1:4410 when there is none
 *
 * It makes calls whose outcomes are known, says what happens, and fails if anything is different.
 * Read first: calc.idl, server.c. Read next: async.c.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <coax/coax.h>

#include "calc_client.h"

/* One call: a reply, a typed error, or a status with words. */
static coax_err divide(coax_client *client, const calc_operands *request)
{
    calc_calculator_divide_result result;
    coax_err rc = calc_calculator_divide_wait(client, request, NULL, &result);
    if (rc == COAX_OK)
        printf("    %g / %g = %g\n", request->dividend, request->divisor, result.reply->quotient);
    else if (result.divide_by_zero != NULL)
        printf("    typed error DivideByZero: %g can't be divided by zero\n",
               result.divide_by_zero->dividend);
    else
        printf("    %s: %s\n", coax_err_name(rc), result.status.message);
    calc_calculator_divide_result_free(&result);
    return rc;
}

static bool divide_well(coax_client *client)
{
    calc_operands request = CALC_OPERANDS_INIT;
    request.dividend = 22;
    request.divisor = 7;
    printf("a call that waits\n");
    if (divide(client, &request) != COAX_OK)
        return false;
    request.rounding = CALC_ROUNDING_DOWN;
    return divide(client, &request) == COAX_OK;
}

/* The schema says `@len(1..32)`. The check runs in the client, so nothing is sent. */
static bool label_too_long(coax_client *client)
{
    calc_operands request = CALC_OPERANDS_INIT;
    request.dividend = 1;
    request.divisor = 2;
    request.label = coax_str_from("a label of more than thirty-two bytes");
    printf("a request that breaks a rule of the schema, refused before it leaves\n");
    return divide(client, &request) == COAX_ERR_INVALID_ARGUMENT;
}

/* The same check by hand, asked for everything it finds. */
static bool check_by_hand(void)
{
    calc_operands request = CALC_OPERANDS_INIT;
    request.divisor = NAN;
    request.label = coax_str_from("");
    coax_violations why;
    coax_violations_init(&why, COAX_CHECK_ALL);
    bool is_right = calc_operands_check(&request, &why);
    char text[512];
    coax_violations_text(&why, text, sizeof text);
    printf("all that is wrong with another one\n%s\n", text);
    return !is_right && why.count == 2;
}

static bool divide_by_zero(coax_client *client)
{
    calc_operands request = CALC_OPERANDS_INIT;
    request.dividend = 1;
    printf("an error with a type of its own, thrown by the server\n");
    return divide(client, &request) == COAX_ERR_INVALID_ARGUMENT;
}

static bool deadline_passes(coax_client *client)
{
    printf("a call with 100 ms to live, to a method that never answers\n");
    calc_calculator_ponder_request request = { .question = coax_str_from("why?") };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 100;
    calc_calculator_ponder_result result;
    coax_err rc = calc_calculator_ponder_wait(client, &request, &options, &result);
    printf("    %s: %s\n", coax_err_name(rc), result.status.message);
    calc_calculator_ponder_result_free(&result);
    return rc == COAX_ERR_DEADLINE_EXCEEDED;
}

/* Every method has a number on the wire; the names are there both ways, for logs and tools. */
static bool packet_names(void)
{
    const char *name = calc_packet_name(CALC_PACKET_CALCULATOR_DIVIDE);
    uint32_t id = 0;
    if (name == NULL || !calc_packet_parse(name, &id))
        return false;
    printf("the packet enum, both ways\n");
    printf("    0x%08x is %s, and %s is 0x%08x\n", (unsigned)CALC_PACKET_CALCULATOR_DIVIDE, name,
           name, (unsigned)id);
    return id == CALC_PACKET_CALCULATOR_DIVIDE && strcmp(name, "calc.Calculator.divide") == 0;
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    if (coax_dial(url, NULL, &client, &error) != COAX_OK) {
        fprintf(stderr, "client: %s\n", error.text);
        return 1;
    }
    bool is_fine = divide_well(client) && label_too_long(client) && check_by_hand() &&
                   divide_by_zero(client) && deadline_passes(client) && packet_names();
    coax_client_close(client);
    if (!is_fine)
        fprintf(stderr, "client: that was not expected\n");
    return is_fine ? 0 : 1;
}
