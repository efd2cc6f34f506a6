/* A yardstick for jobs/bench: a plain C program that does a first load under the mirror's promises, with the same requests,
 * tables, indexes and settings and one commit a page, and checks nothing. Answers are taken for well formed, records for new.
 *
 * usage: bench-plain DATABASE REQUESTS KEY [TIME]
 *
 * REQUESTS: a line each of URL, tab, form data or nothing; lines that begin with a tab are headers of all requests.
 * KEY and TIME: members of a record, as `"id":"`; with TIME the index by time is made at the end.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *body;
static size_t length, room;

static void fail(const char *what) {
    fprintf(stderr, "bench-plain: %s\n", what);
    exit(1);
}

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    (void)context;
    count *= size;
    if (length + count >= room) {
        room = 2 * (length + count + 1);
        if (!(body = realloc(body, room))) fail("no memory");
    }
    memcpy(body + length, bytes, count);
    length += count;
    return count;
}

/* Returns what follows the object that begins here. */
static const char *behind(const char *at) {
    for (int depth = 0;; at++) {
        if (*at == '"') {
            for (at++; *at != '"'; at++)
                if (*at == '\\') at++;
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            if (--depth == 0) return at + 1;
        } else if (!*at) {
            fail("an answer is cut");
        }
    }
}

static void run(sqlite3 *database, const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL)) fail(sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL)) fail(sqlite3_errmsg(database));
    return statement;
}

static void step(sqlite3 *database, sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(database));
    sqlite3_reset(statement);
}

int main(int count, char **words) {
    if (count < 4) fail("usage: bench-plain DATABASE REQUESTS KEY [TIME]");
    const char *key = words[3], *time = count > 4 ? words[4] : NULL;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3 *database;
    if (sqlite3_open_v2(words[1], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL))
        fail("no database");
    run(database,
        "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4096;"
        "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=112; PRAGMA journal_size_limit=33554432;"
        "CREATE TABLE data(row INTEGER PRIMARY KEY, connection TEXT NOT NULL, id TEXT NOT NULL CHECK(id<>''),"
        " first_seen_at TEXT NOT NULL, changed_at TEXT NOT NULL, changed_run TEXT NOT NULL, change TEXT NOT NULL,"
        " deleted_at TEXT, created_at TEXT, updated_at TEXT, payload TEXT NOT NULL, UNIQUE(connection, id));"
        "CREATE INDEX feed ON data(changed_run);"
        "CREATE TABLE pull_pages(pull INTEGER NOT NULL, page INTEGER NOT NULL, next TEXT, high TEXT,"
        " fetched INTEGER NOT NULL, rows TEXT, PRIMARY KEY(pull, page)) WITHOUT ROWID");
    sqlite3_stmt *insert = prepare(database,
        "INSERT INTO data(connection, id, first_seen_at, changed_at, changed_run, change, created_at, updated_at, payload)"
        " VALUES('shop001', ?1, '2026-11-20T03:00:00Z', '2026-11-20T03:00:00Z', '20261120T030000Z-7f3a', 'inserted',"
        " ?3, ?3, ?2)");
    sqlite3_stmt *page = prepare(database, "INSERT INTO pull_pages VALUES(1, ?1, ?2, ?3, 100, '[[1,100]]')");
    sqlite3_stmt *begin = prepare(database, "BEGIN IMMEDIATE"), *commit = prepare(database, "COMMIT");

    CURL *curl = curl_easy_init();
    FILE *requests = fopen(words[2], "r");
    if (!curl || !requests) fail("no requests");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 65536L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    struct curl_slist *headers = NULL;
    char *line = NULL;
    size_t size = 0;
    int pages = 0;
    for (ssize_t end; (end = getline(&line, &size, requests)) > 0;) {
        line[end - 1] = 0;
        if (*line == '\t') {
            curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers = curl_slist_append(headers, line + 1));
            continue;
        }
        char *form = strchr(line, '\t');
        if (!form) fail("a request without a tab");
        *form++ = 0;
        if (*form) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
        curl_easy_setopt(curl, CURLOPT_URL, line);
        length = 0;
        if (curl_easy_perform(curl)) fail(line);
        body[length] = 0;
        step(database, begin);
        const char *at = strchr(body, '['), *when = "2026-11-20T03:00:00Z";
        while (at && *at != ']') {
            if (*at != '{') {
                at++;
                continue;
            }
            const char *end_of_record = behind(at), *id = strstr(at, key);
            if (!id) fail("a record without its key");
            id += strlen(key);
            const char *found = time ? memmem(at, end_of_record - at, time, strlen(time)) : NULL;
            if (found) when = found + strlen(time);
            sqlite3_bind_text(insert, 1, id, strchr(id, '"') - id, SQLITE_STATIC);
            sqlite3_bind_text(insert, 2, at, end_of_record - at, SQLITE_STATIC);
            sqlite3_bind_text(insert, 3, when, 20, SQLITE_STATIC);
            /* What joins a page to the one before is there already. */
            if (sqlite3_step(insert) != SQLITE_DONE && sqlite3_errcode(database) != SQLITE_CONSTRAINT)
                fail(sqlite3_errmsg(database));
            sqlite3_reset(insert);
            at = end_of_record;
        }
        sqlite3_bind_int(page, 1, ++pages);
        sqlite3_bind_text(page, 2, line, -1, SQLITE_STATIC);
        sqlite3_bind_text(page, 3, when, 20, SQLITE_STATIC);
        step(database, page);
        step(database, commit);
    }
    if (time)
        run(database, "CREATE INDEX created ON data(created_at)");
    sqlite3_finalize(insert), sqlite3_finalize(page), sqlite3_finalize(begin), sqlite3_finalize(commit);
    run(database, "PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(database);
    return 0;
}
