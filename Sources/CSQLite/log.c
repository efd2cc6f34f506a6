#define _GNU_SOURCE
#include "log.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { log_head = 24, log_frames = 64 };

typedef struct log_file {
    sqlite3_file base;
    sqlite3_file *file;
    /* The same file once more, since SQLite's own VFS takes no list of pieces; below 0 nothing is gathered. */
    int descriptor;
    int is_gathering;
    /* Whose COMMIT it is, and how many pages had left its cache before. */
    sqlite3 *database;
    int spills;
    /* What came last was the head of a frame: 1, or 2 for the last one of a commit. */
    int head;
    /* What is not in the file yet, only while gathering: where it begins, where it ends, and the pieces, which are copies of
     * heads and the pages in SQLite's cache. */
    sqlite3_int64 offset, end;
    int count;
    struct iovec pieces[2 * log_frames];
    char heads[log_frames][log_head];
} log_file;

static void log_forget(log_file *log) {
    log->count = 0;
    log->end = log->offset;
}

static int log_flush(log_file *log) {
    struct iovec *piece = log->pieces;
    while (log->count) {
        ssize_t written = pwritev(log->descriptor, piece, log->count, log->offset);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            log_forget(log);
            return !written || errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
        }
        log->offset += written;
        for (; log->count && (size_t)written >= piece->iov_len; piece++, log->count--) written -= (ssize_t)piece->iov_len;
        if (!log->count) break;
        piece->iov_base = (char *)piece->iov_base + written;
        piece->iov_len -= (size_t)written;
    }
    return SQLITE_OK;
}

static int log_spills(sqlite3 *database) {
    int spills = 0, highest = 0;
    sqlite3_db_status(database, SQLITE_DBSTATUS_CACHE_SPILL, &spills, &highest, 0);
    return spills;
}

static void log_gather(log_file *log, const void *bytes, int count) {
    log->pieces[log->count++] = (struct iovec){.iov_base = (void *)bytes, .iov_len = (size_t)count};
    log->end += count;
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    log_file *log = (log_file *)file;
    const unsigned char *start = bytes;
    /* What writes pages within a COMMIT (auto_vacuum, FTS) may have them leave the cache, and others come in their place.
     * SQLite counts each before it writes it, and none leaves any more while the commit's own frames are written. */
    if (log->is_gathering && !log->count && log_spills(log->database) != log->spills) log->is_gathering = 0;
    int follows = offset == log->end;
    int head = log->head;
    int is_head = log->is_gathering && count == log_head;
    log->head = !is_head ? 0 : start[4] | start[5] | start[6] | start[7] ? 2 : 1;
    int is_page = head && follows;
    if (!follows || !(is_head || is_page) || (is_head && log->count > 2 * (log_frames - 1))) {
        int result = log_flush(log);
        if (result != SQLITE_OK) return result;
        log->offset = log->end = offset;
    }
    /* Whatever is neither a head nor the page behind one is none of ours. */
    if (!is_head && !is_page) return log->file->pMethods->xWrite(log->file, bytes, count, offset);
    if (is_head) {
        log_gather(log, memcpy(log->heads[log->count / 2], bytes, log_head), log_head);
        return SQLITE_OK;
    }
    log_gather(log, bytes, count);
    if (head != 2) return SQLITE_OK;
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
    if (log->descriptor >= 0) close(log->descriptor);
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
    /* SQLite has seen to it that 0 to 2 are taken. */
    log->descriptor = result == SQLITE_OK ? open(name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
    return result;
}

const char *csqlite_offer_log(void) {
    static sqlite3_vfs made;
    sqlite3_vfs *below = sqlite3_vfs_find(0);
    /* What encrypts pages hands each of them over in the same buffer, and another VFS may keep other bytes in the file. */
    if (!below || strncmp(below->zName, "unix", 4) || sqlite3_compileoption_used("HAS_CODEC")) return 0;
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
    if (log) {
        log->is_gathering = log->descriptor >= 0;
        log->database = database;
        log->spills = log_spills(database);
    }
    int result = sqlite3_step(commit);
    if (!log) return result;
    /* Of a commit that was not made nothing may be written any more. Of one that was made nothing should be left. */
    int left = result == SQLITE_DONE ? log_flush(log) : SQLITE_OK;
    log->is_gathering = log->head = 0;
    log_forget(log);
    return left == SQLITE_OK ? result : left;
}
