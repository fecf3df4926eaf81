/*
 * The cases of every kind of call, by subject. Each function runs its group and gives how many failed.
 */
#ifndef TESTS_CONFORMANCE_CASES_H
#define TESTS_CONFORMANCE_CASES_H

int cases_of_unary_calls(void);
int cases_of_streams(void);
int cases_of_endings(void);
int cases_of_metadata(void);
int cases_of_calls_beside_calls(void);
int cases_of_connections(void);
int cases_of_events(void);

#endif
