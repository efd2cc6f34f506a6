// libcurl, loaded when it is needed and not when the program starts: it brings thirty libraries, and they are most of the
// time of a command that asks nobody anything; a sync has other work to begin with. Defined here are libcurl's own
// functions, as many as are called, and each goes on to the library's. They are hidden: the library would find them in
// place of its own otherwise.
#include "CCurl.h"
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>

#define HIDDEN __attribute__((visibility("hidden")))

#define FOR_ALL_FUNCTIONS(do)                                                                                          \
    do(curl_easy_cleanup) do(curl_easy_getinfo) do(curl_easy_init) do(curl_easy_reset) do(curl_easy_setopt)            \
    do(curl_easy_strerror) do(curl_global_init) do(curl_multi_add_handle) do(curl_multi_cleanup)                       \
    do(curl_multi_info_read) do(curl_multi_init) do(curl_multi_perform) do(curl_multi_poll)                            \
    do(curl_multi_remove_handle) do(curl_multi_setopt) do(curl_multi_wakeup) do(curl_slist_append)                     \
    do(curl_slist_free_all) do(curl_version) do(curl_version_info)

// What a function of the library is called through; null until it is loaded.
#define DECLARE(name) static __typeof__(name) *loaded_##name;
FOR_ALL_FUNCTIONS(DECLARE)

const char *ccurl_load(void) {
    // As Debian names the builds with OpenSSL and with GnuTLS.
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        static char reason[512]; // the loader's own is gone with the next call
        snprintf(reason, sizeof reason, "%s", dlerror());
        library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL);
        if (!library) return reason;
    }
#define FIND(name)                                                                                                     \
    if (!(loaded_##name = dlsym(library, #name))) return dlerror();
    FOR_ALL_FUNCTIONS(FIND)
    static char old[64];
    curl_version_info_data *version = loaded_curl_version_info(CURLVERSION_NOW);
    snprintf(old, sizeof old, "it is version %s", version->version);
    if (version->version_num < 0x075800) return old;
    CURLcode code = loaded_curl_global_init(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK ? NULL : loaded_curl_easy_strerror(code);
}

HIDDEN void curl_easy_cleanup(CURL *handle) { loaded_curl_easy_cleanup(handle); }

HIDDEN CURL *curl_easy_init(void) { return loaded_curl_easy_init(); }

HIDDEN void curl_easy_reset(CURL *handle) { loaded_curl_easy_reset(handle); }

HIDDEN const char *curl_easy_strerror(CURLcode code) { return loaded_curl_easy_strerror(code); }

HIDDEN CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle) { return loaded_curl_multi_add_handle(multi, handle); }

HIDDEN CURLMcode curl_multi_cleanup(CURLM *multi) { return loaded_curl_multi_cleanup(multi); }

HIDDEN CURLMsg *curl_multi_info_read(CURLM *multi, int *left) { return loaded_curl_multi_info_read(multi, left); }

HIDDEN CURLM *curl_multi_init(void) { return loaded_curl_multi_init(); }

HIDDEN CURLMcode curl_multi_perform(CURLM *multi, int *running) { return loaded_curl_multi_perform(multi, running); }

HIDDEN CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd *more, unsigned count, int milliseconds, int *ready) {
    return loaded_curl_multi_poll(multi, more, count, milliseconds, ready);
}

HIDDEN CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle) {
    return loaded_curl_multi_remove_handle(multi, handle);
}

HIDDEN CURLMcode curl_multi_wakeup(CURLM *multi) { return loaded_curl_multi_wakeup(multi); }

HIDDEN struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return loaded_curl_slist_append(list, text);
}

HIDDEN void curl_slist_free_all(struct curl_slist *list) { loaded_curl_slist_free_all(list); }

HIDDEN char *curl_version(void) { return loaded_curl_version(); }

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return loaded_curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return loaded_curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return loaded_curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return loaded_curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return loaded_curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_receiver(CURL *handle, CURLoption option, ccurl_receiver value) {
    return loaded_curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
    return loaded_curl_easy_getinfo(handle, info, value);
}

CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return loaded_curl_easy_getinfo(handle, info, value);
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return loaded_curl_multi_setopt(multi, option, value);
}

void ccurl_prepare_memory(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 2 << 20);
}

void ccurl_trim_memory(void) {
    /* What is given back is cleared and mapped again when it is needed, which less is not worth. */
    if (mallinfo2().fordblks > 512 << 10) malloc_trim(0);
}
