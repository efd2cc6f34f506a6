#pragma once
#include <sqlite3.h>

/* Swift sees neither SQLite's function-pointer macros nor its variadic functions. */

static inline int csqlite_bind_text_copied(sqlite3_stmt *statement, int index, const char *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int csqlite_bind_text_borrowed(sqlite3_stmt *statement, int index, const char *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, bytes, count, SQLITE_STATIC, SQLITE_UTF8);
}

static inline int csqlite_persist_wal(sqlite3 *database, int on) {
    return sqlite3_file_control(database, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}

/* Waits until what was written to the database file is on the disk, as SQLite itself does at the end of a checkpoint. */
static inline int csqlite_sync_file(sqlite3 *database) {
    sqlite3_file *file = 0;
    int result = sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (result != SQLITE_OK || !file || !file->pMethods) return result;
    return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static inline int csqlite_set_defensive(sqlite3 *database, int on) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, on, (int *)0);
}

static inline int csqlite_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* A table of texts, `rows(a, b, c, d)`, whose rows the caller makes while a statement reads them; `rowid` counts from 0. */

/* A null address is NULL. */
typedef struct csqlite_text {
    const char *bytes;
    sqlite3_uint64 count;
} csqlite_text;

typedef struct csqlite_rows {
    void *context;
    /* Goes to the next row, at first to the first one, and sets its texts; 0 at the end. */
    int (*advance)(void *context);
    /* Four of them, which have to stay until the next call of `advance`. */
    csqlite_text *texts;
} csqlite_rows;

typedef struct csqlite_rows_table {
    sqlite3_vtab base;
    csqlite_rows *rows;
} csqlite_rows_table;

typedef struct csqlite_rows_cursor {
    sqlite3_vtab_cursor base;
    int has_row;
    /* The current row counted from 0: its rowid. */
    sqlite3_int64 row;
} csqlite_rows_cursor;

static int csqlite_rows_connect(
    sqlite3 *database, void *rows, int count, const char *const *words, sqlite3_vtab **table, char **error) {
    (void)count, (void)words, (void)error;
    int result = sqlite3_declare_vtab(database, "CREATE TABLE rows(a TEXT, b TEXT, c TEXT, d TEXT)");
    if (result != SQLITE_OK) return result;
    csqlite_rows_table *made = sqlite3_malloc(sizeof *made);
    if (!made) return SQLITE_NOMEM;
    *made = (csqlite_rows_table){.rows = rows};
    *table = &made->base;
    return SQLITE_OK;
}

static int csqlite_rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    info->estimatedCost = 1000;
    return SQLITE_OK;
}

static int csqlite_rows_disconnect(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

static int csqlite_rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor) {
    (void)table;
    csqlite_rows_cursor *made = sqlite3_malloc(sizeof *made);
    if (!made) return SQLITE_NOMEM;
    *made = (csqlite_rows_cursor){.has_row = 0};
    *cursor = &made->base;
    return SQLITE_OK;
}

static int csqlite_rows_close(sqlite3_vtab_cursor *cursor) {
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int csqlite_rows_next(sqlite3_vtab_cursor *cursor) {
    csqlite_rows *rows = ((csqlite_rows_table *)cursor->pVtab)->rows;
    csqlite_rows_cursor *place = (csqlite_rows_cursor *)cursor;
    place->has_row = rows->advance(rows->context);
    place->row++;
    return SQLITE_OK;
}

static int csqlite_rows_filter(
    sqlite3_vtab_cursor *cursor, int plan, const char *text, int count, sqlite3_value **values) {
    (void)plan, (void)text, (void)count, (void)values;
    ((csqlite_rows_cursor *)cursor)->row = -1;
    return csqlite_rows_next(cursor);
}

static int csqlite_rows_eof(sqlite3_vtab_cursor *cursor) { return !((csqlite_rows_cursor *)cursor)->has_row; }

static int csqlite_rows_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int index) {
    const csqlite_text *text = &((csqlite_rows_table *)cursor->pVtab)->rows->texts[index];
    if (text->bytes) sqlite3_result_text64(result, text->bytes, text->count, SQLITE_STATIC, SQLITE_UTF8);
    return SQLITE_OK;
}

static int csqlite_rows_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row) {
    *row = ((csqlite_rows_cursor *)cursor)->row;
    return SQLITE_OK;
}

/* Makes the table known to a connection; `rows` has to outlive it. */
static inline int csqlite_offer_rows(sqlite3 *database, csqlite_rows *rows) {
    static const sqlite3_module module = {
        .xConnect = csqlite_rows_connect,
        .xBestIndex = csqlite_rows_best_index,
        .xDisconnect = csqlite_rows_disconnect,
        .xOpen = csqlite_rows_open,
        .xClose = csqlite_rows_close,
        .xFilter = csqlite_rows_filter,
        .xNext = csqlite_rows_next,
        .xEof = csqlite_rows_eof,
        .xColumn = csqlite_rows_column,
        .xRowid = csqlite_rows_rowid,
    };
    return sqlite3_create_module_v2(database, "rows", &module, rows, (void (*)(void *))0);
}
