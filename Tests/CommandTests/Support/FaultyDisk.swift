import Foundation
import Glibc
import Testing

/// Lets writes to some files fail, by a library that is loaded before the C library.
///
/// The program and SQLite write through it: `write`, `pwrite`, `pwritev`, `fsync`, `fdatasync` and `ftruncate`.
struct FaultyDisk: Sendable {
    static let compiler = ["/usr/bin/gcc", "/usr/bin/cc"].first { (path: String) in access(path, X_OK) == 0 }

    private let library: String
    private let count: String

    /// Builds the library in a workplace.
    init(in work: Workplace) async throws {
        library = work.path("faulty-disk.so")
        count = work.path("faulty-disk.count")
        try await Self.compile(Self.source, to: "faulty-disk.so", in: work)
    }

    /// Makes a shared library of C source.
    static func compile(_ source: String, to name: String, in work: Workplace) async throws {
        try work.write(source, to: "\(name).c")
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let process = try RunningProcess(
            #require(compiler), ["-shared", "-fPIC", "-O1", "-o", name, "\(name).c", "-ldl"],
            environment: ["PATH": "/usr/bin:/bin"], in: work.folder, streams: [0: null, 1: null, 2: 2])
        try #require(await process.next() == .exited(0), "the library \(name) cannot be built")
    }

    /// The environment of a program whose writes fail.
    ///
    /// - Parameters:
    ///   - match: A part of the path of every file that is meant; lock files are left out.
    ///   - code: The error; with 0 only a part of what `pwritev` was given is written, and it says so.
    ///   - first: The number of the first write that fails.
    ///   - times: How many fail from there on.
    ///   - syncsOnly: Whether only waiting for the disk counts as a write.
    /// - Returns: Its variables.
    func environment(
        _ match: String, fail code: Int32, from first: Int, times: Int, syncsOnly: Bool = false
    ) -> [String: String] {
        [
            "FAULT_SYNCS": syncsOnly ? "1" : "0",
            "LD_PRELOAD": library, "FAULT_MATCH": match, "FAULT_CODE": String(code),
            "FAULT_FIRST": String(first), "FAULT_TIMES": String(times), "FAULT_COUNT": count,
        ]
    }

    /// How many writes the last program made to the files that are meant.
    var writes: Int { get throws { Int(try String(contentsOfFile: count, encoding: .utf8)) ?? 0 } }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/types.h>
        #include <sys/uio.h>
        #include <unistd.h>

        static long writes;

        static long number(const char *name) {
            const char *text = getenv(name);
            return text ? atol(text) : 0;
        }

        static int fails_at(const char *path) {
            const char *match = getenv("FAULT_MATCH");
            size_t length = strlen(path);
            if (!match || length < 5) return 0;
            if (!strstr(path, match) || !strcmp(path + length - 5, ".lock")) return 0;
            long now = __atomic_add_fetch(&writes, 1, __ATOMIC_SEQ_CST), first = number("FAULT_FIRST");
            if (now < first || now >= first + number("FAULT_TIMES")) return 0;
            errno = (int)number("FAULT_CODE");
            return 1;
        }

        static int fails(int file, int is_sync) {
            if (!is_sync && number("FAULT_SYNCS")) return 0;
            char link[64], path[4096];
            snprintf(link, sizeof link, "/proc/self/fd/%d", file);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length < 0) return 0;
            path[length] = 0;
            return fails_at(path);
        }

        int link(const char *from, const char *to) {
            static int (*real)(const char *, const char *);
            if (!real) real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "link");
            return fails_at(to) ? -1 : real(from, to);
        }

        #define REPLACE(type, name, parameters, arguments, is_sync)     \
            type name parameters {                                      \
                static type(*real) parameters;                          \
                if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
                return fails(file, is_sync) && errno ? -1 : real arguments;      \
            }

        REPLACE(ssize_t, write, (int file, const void *from, size_t count), (file, from, count), 0)
        REPLACE(ssize_t, pwrite, (int file, const void *from, size_t count, off_t at), (file, from, count, at), 0)
        REPLACE(ssize_t, pwrite64, (int file, const void *from, size_t count, off64_t at), (file, from, count, at), 0)
        #define REPLACE_LIST(name, offset)                                         \
            ssize_t name(int file, const struct iovec *pieces, int count, offset at) { \
                typedef ssize_t (*call)(int, const struct iovec *, int, offset);   \
                static call real;                                                  \
                if (!real) real = (call)dlsym(RTLD_NEXT, #name);                   \
                if (!fails(file, 0)) return real(file, pieces, count, at);         \
                if (errno) return -1;                                              \
                struct iovec part[2] = {pieces[0], pieces[count > 1]};             \
                struct iovec *last = &part[count > 1];                             \
                last->iov_len = (last->iov_len + 1) / 2;                           \
                return real(file, part, count > 1 ? 2 : 1, at);                    \
            }

        REPLACE_LIST(pwritev, off_t)
        REPLACE_LIST(pwritev64, off64_t)
        REPLACE(int, fsync, (int file), (file), 1)
        REPLACE(int, fdatasync, (int file), (file), 1)
        REPLACE(int, ftruncate, (int file, off_t size), (file, size), 0)
        REPLACE(int, ftruncate64, (int file, off64_t size), (file, size), 0)

        __attribute__((destructor)) static void tell(void) {
            const char *path = getenv("FAULT_COUNT");
            FILE *file = path ? fopen(path, "w") : 0;
            if (!file) return;
            fprintf(file, "%ld", writes);
            fclose(file);
        }
        """#
}
