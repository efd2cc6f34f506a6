#include "log.h"
#include <string.h>

/* A write ends here at the latest, at a whole block of the file: SQLite's own VFS takes no more than 128 KiB at once. */
enum { log_room = 31 * 4096, log_block = 4096 };

typedef struct log_file {
    sqlite3_file base;
    sqlite3_file *file;
    /* What is not in the file yet, only while gathering, and where it belongs. */
    char *bytes;
    int count;
    sqlite3_int64 offset;
    int is_gathering;
    /* What came last was the head of a frame: 1, or 2 for the last one of a commit. */
    int head;
} log_file;

static int log_flush(log_file *log) {
    int count = log->count;
    if (!count) return SQLITE_OK;
    sqlite3_int64 offset = log->offset;
    log->count = 0;
    log->offset += count;
    return log->file->pMethods->xWrite(log->file, log->bytes, count, offset);
}

static int log_gather(log_file *log, const char *bytes, int count) {
    if (!log->bytes && !(log->bytes = sqlite3_malloc(log_room))) return SQLITE_IOERR_NOMEM;
    while (count > 0) {
        int room = log_room - (int)(log->offset % log_block) - log->count;
        int taken = count < room ? count : room;
        memcpy(log->bytes + log->count, bytes, (size_t)taken);
        log->count += taken;
        bytes += taken;
        count -= taken;
        int result = taken == room ? log_flush(log) : SQLITE_OK;
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    log_file *log = (log_file *)file;
    const unsigned char *start = bytes;
    int follows = offset == log->offset + log->count;
    int head = log->head;
    int is_head = log->is_gathering && count == 24;
    log->head = !is_head ? 0 : start[4] | start[5] | start[6] | start[7] ? 2 : 1;
    int is_page = head && follows;
    if (!follows || !(is_head || is_page)) {
        int result = log_flush(log);
        if (result != SQLITE_OK) return result;
        log->offset = offset;
    }
    /* Whatever is neither a head nor the page behind one is none of ours. */
    if (!is_head && !is_page) return log->file->pMethods->xWrite(log->file, bytes, count, offset);
    int result = log_gather(log, bytes, count);
    if (result != SQLITE_OK || !is_page || head != 2) return result;
    /* The commit's last frame. Where pages had outgrown the cache and changed again, SQLite now writes the heads of frames anew,
     * with no pages behind them: none of them may wait for one. */
    log->is_gathering = 0;
    return log_flush(log);
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    log_file *log = (log_file *)file;
    int result = log_flush(log);
    return result != SQLITE_OK ? result : log->file->pMethods->xRead(log->file, bytes, count, offset);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    log_file *log = (log_file *)file;
    int result = log_flush(log);
    return result != SQLITE_OK ? result : log->file->pMethods->xTruncate(log->file, size);
}

static int log_sync(sqlite3_file *file, int flags) {
    log_file *log = (log_file *)file;
    int result = log_flush(log);
    return result != SQLITE_OK ? result : log->file->pMethods->xSync(log->file, flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    log_file *log = (log_file *)file;
    int result = log_flush(log);
    return result != SQLITE_OK ? result : log->file->pMethods->xFileSize(log->file, size);
}

static int log_close(sqlite3_file *file) {
    log_file *log = (log_file *)file;
    sqlite3_free(log->bytes);
    return log->file->pMethods->xClose(log->file);
}

static int log_lock(sqlite3_file *file, int level) {
    log_file *log = (log_file *)file;
    return log->file->pMethods->xLock(log->file, level);
}

static int log_unlock(sqlite3_file *file, int level) {
    log_file *log = (log_file *)file;
    return log->file->pMethods->xUnlock(log->file, level);
}

static int log_reserved(sqlite3_file *file, int *result) {
    log_file *log = (log_file *)file;
    return log->file->pMethods->xCheckReservedLock(log->file, result);
}

static int log_control(sqlite3_file *file, int operation, void *argument) {
    log_file *log = (log_file *)file;
    return log->file->pMethods->xFileControl(log->file, operation, argument);
}

static int log_sector(sqlite3_file *file) {
    log_file *log = (log_file *)file;
    return log->file->pMethods->xSectorSize(log->file);
}

static int log_characteristics(sqlite3_file *file) {
    log_file *log = (log_file *)file;
    return log->file->pMethods->xDeviceCharacteristics(log->file);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_characteristics,
};

/* Files other than logs are the default VFS's own. */
static int log_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *opened) {
    sqlite3_vfs *below = sqlite3_vfs_find(0);
    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL)) return below->xOpen(below, name, file, flags, opened);
    log_file *log = (log_file *)file;
    *log = (log_file){.file = (sqlite3_file *)(log + 1)};
    int result = below->xOpen(below, name, log->file, flags, opened);
    if (log->file->pMethods) log->base.pMethods = &log_methods;
    return result;
}

const char *csqlite_offer_log(void) {
    static sqlite3_vfs made;
    sqlite3_vfs *below = sqlite3_vfs_find(0);
    if (!below) return 0;
    made = *below;
    made.szOsFile += (int)sizeof(log_file);
    made.zName = "shopmirror-log";
    made.pNext = 0;
    made.xOpen = log_open;
    return sqlite3_vfs_register(&made, 0) == SQLITE_OK ? made.zName : 0;
}

int csqlite_commit(sqlite3 *database, sqlite3_stmt *commit) {
    sqlite3_file *file = 0;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    log_file *log = file && file->pMethods == &log_methods ? (log_file *)file : 0;
    if (log) log->is_gathering = 1;
    int result = sqlite3_step(commit);
    if (!log) return result;
    /* Of a commit that was not made nothing may be written any more. Of one that was made nothing should be left. */
    int left = result == SQLITE_DONE ? log_flush(log) : SQLITE_OK;
    log->is_gathering = log->count = log->head = 0;
    return left == SQLITE_OK ? result : left;
}
