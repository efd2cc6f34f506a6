#pragma once

/// The commit that this was built from; empty where the build was not told.
const char *cbuild_commit(void);
