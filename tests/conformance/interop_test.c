/*
 * Every kind of call over one transport in one style: interop_test TRANSPORT STYLE. Read next: scene.h, talk.h, and the
 * case_ files.
 */
#include "cases.h"
#include "scene.h"

int main(int argc, char **argv)
{
    chunks_fill();
    int rc = stage_choose(argc, argv);
    if (rc != 0)
        return rc;
    int failed = cases_of_unary_calls();
    failed += cases_of_streams();
    failed += cases_of_endings();
    failed += cases_of_metadata();
    failed += cases_of_calls_beside_calls();
    failed += cases_of_connections();
    failed += cases_of_events();
    failed += stage_done();
    return failed == 0 ? 0 : 1;
}
