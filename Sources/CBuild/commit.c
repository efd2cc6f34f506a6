#include "CBuild.h"

#ifndef SHOPMIRROR_COMMIT
#define SHOPMIRROR_COMMIT ""
#endif

const char *cbuild_commit(void) { return SHOPMIRROR_COMMIT; }
