#pragma once
#include <sqlite3.h>

/* A VFS like the default one, except that the write-ahead log gets the frames of a commit together.
 *
 * SQLite writes each frame in two pieces, a head of 24 bytes and a page, and the system's work for each is as much as the
 * copying. Frames are gathered within csqlite_commit alone, from the first frame of a commit to its last one. That one is
 * written together with what is left before it, or refused: nobody is told of a commit whose frames are not in the file.
 *
 * Pages are not copied for that: those that SQLite writes when all of a commit's pages are known stay in its cache as they are
 * until the commit is made. Where one has to leave the cache within the COMMIT, nothing is gathered any more. */

/* Makes the VFS known, once a process. Returns its name, or null where the default one, if any, may keep other bytes in the file
 * than SQLite hands over, or in other places. */
const char *csqlite_offer_log(void);

/* Steps a COMMIT, whose frames are gathered where the connection was opened with the VFS and writes a log. A hook that it
 * calls must not close the log. */
int csqlite_commit(sqlite3 *database, sqlite3_stmt *commit);
