/// The text of `--help`.
enum Help {
    static let text = """
        shopmirror-sandbox: the four platforms simulated on loopback

        shopmirror-sandbox [--port N] [--port-file FILE] [--seed N] [--scale N] [--stores N]
                           [--latency-ms N] [--rate-limits] [--log FILE] [--script FILE]
                           [--until-stdin-closes]

          --port N              port on 127.0.0.1; 0, the default, takes a free one
          --port-file FILE      gets the port's number once connections are accepted
          --seed N              the data set; the same seed gives the same records (default 1)
          --scale N             orders per account; goods are 4 N, products N / 5 (default: a small set)
          --stores N            accounts of next-engine and stores of shopline (default 3)
          --latency-ms N        every answer waits that long
          --rate-limits         shopline refuses more than 4 requests per second (burst 40)
          --log FILE            one line per request, secrets left out
          --script FILE         control requests to apply at the start: an object, an array or one per line
          --until-stdin-closes  ends when standard input does

        Prints `listening on http://127.0.0.1:PORT` and stays until SIGTERM or SIGINT.

        base_url of every platform is http://127.0.0.1:PORT; store NNN of shopline has
        http://127.0.0.1:PORT/openNNN (without a handle: open001).

        next-engine     client_id sandbox-client, client_secret sandbox-secret
                        account 1: NE-ACCESS-1, NE-REFRESH-1, uid U-77, company NE0000042
                        account n: the same with -n behind it, company NE00000(42+n)
        shopline        app_key sandbox-app-key, app_secret sandbox-app-secret
                        store open001: SL-ACCESS-1-open001, private app SL-STATIC-open001
                        stores with an even number use no payments (404)
        aihubmix        client_id sandbox-hub-client, client_secret sandbox-hub-secret
                        user 1 (id 88017): HUB-ACCESS-1, HUB-REFRESH-1; user n: the same with -n behind it
        account-center  phone 19900000001, password sandbox-password; administrator: phone 19900000002,
                        password sandbox-admin; the latest tokens stand in the state report

        Sign-in: GET /sandbox/authorize?url=ADDRESS[&account=NAME], ADDRESS percent-encoded; 302 to the
        callback, 400 with the reason when the address is not as the platform wants it.

        Control: POST /sandbox/control with one of
          {"op":"fault","kind":K,"match":"path part","match_body":"…","after":N,"times":N, …}
             K: status (status, body, retry_after), html, truncate, close, reset, stall,
                delay (ms), drip (bytes, ms), too-large (bytes, chunked), bad-gzip, garbage (bytes),
                wrong-shape (body), empty, repeat-cursor, drop-page, empty-page, repeat-page, early-end, not-permitted,
                busy (code, ms), rate-limit (retry_after); "processed":true lets the platform act before its answer is lost
          {"op":"clear-faults"}
          {"op":"expire-access"|"expire-refresh"|"revoke","platform":P,"account":A}
          {"op":"edit","resource":"shopline.orders","account":A,"changes":N}
             changes may be {"insert":n,"update":n,"delete":n,"flag":n}
          {"op":"clock","advance_seconds":N}   {"op":"latency","ms":N}   {"op":"rate-limits","on":true}
          {"op":"switch","name":NAME,"value":V}   {"op":"reset"}
        Switches: next-engine.not-permitted (comma list of path parts), next-engine.expired-result
          (redirect), next-engine.exchange-takes-refresh, next-engine.numbers, next-engine.count-returned,
          next-engine.redirect-uri, shopline.scopes (comma list), shopline.shop-status,
          shopline.refresh-interval (seconds), shopline.order-lines (at most; 3),
          shopline.token-error (a name of the sheet), shopline.token-error-status, shopline.callback-lang,
          shopline.redirect-uri,
          aihubmix.status, aihubmix.textual-numbers, aihubmix.keeps-refresh, aihubmix.consent-error,
          aihubmix.redirect-uri, account-center.verify-shape (guide, next), account-center.unstable,
          account-center.callback (token, code); stock.alike: next-engine's goods and shopline's products have
          the same SKUs and stock, but for stock.next-engine and stock.shopline: "7 sku ABC;8 sku;9 figure 5;10 flag"
        State: GET /sandbox/state

        """
}
