#pragma once
#include <curl/curl.h>

/// Loads the library, 7.88 or newer, and sets it up, once and before any other call.
///
/// Returns null, or why it cannot be used; the text stays until the next call of the loader.
const char *ccurl_load(void);

// libcurl's variadic calls, one typed function per kind of argument.

/// Takes what arrived; returns how much of it was taken, anything else than all of it ends the transfer.
typedef size_t (*ccurl_receiver)(char *bytes, size_t size, size_t count, void *context);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);

CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);

/// The text is copied by libcurl.
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value);

/// What is pointed to has to outlive the transfer, except with the COPY options.
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value);

/// The list has to outlive the transfer.
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

CURLcode ccurl_set_receiver(CURL *handle, CURLoption option, ccurl_receiver value);

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);

CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// See CurlTransport.prepareMemory.
void ccurl_prepare_memory(void);

/// See EventLoop.trimMemory.
void ccurl_trim_memory(void);
