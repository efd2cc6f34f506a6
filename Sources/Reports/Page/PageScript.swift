/// The page's script: keeps distances right, filters the runs, opens the figures for printing.
///
/// The page says everything without it.
enum PageScript {
    static let source: Markup = #"""
        (() => {
          "use strict";
          const pair = (a, x, b, y) => b ? `${a} ${x} ${b} ${y}` : `${a} ${x}`;
          const span = s => s < 60 ? `${s} s`
            : s < 3600 ? pair(Math.floor(s / 60), "m", s % 60, "s")
            : s < 86400 ? pair(Math.floor(s / 3600), "h", Math.floor(s / 60) % 60, "m")
            : pair(Math.floor(s / 86400), "d", Math.floor(s / 3600) % 24, "h");
          const away = () => {
            const now = Date.now();
            for (const time of document.querySelectorAll("time[data-away]")) {
              const seconds = Math.round((Date.parse(time.dateTime) - now) / 1000);
              time.textContent = seconds > 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`;
            }
            const stale = document.getElementById("stale");
            if (stale) stale.hidden = now < Date.parse(stale.dataset.limit);
          };
          if (!document.body.dataset.frozen) { away(); setInterval(away, 20000); }
          const form = document.getElementById("filter");
          if (form) {
            const result = document.getElementById("filter-result");
            const text = document.getElementById("filter-text");
            const rows = [...document.querySelectorAll("#run-table tbody tr")];
            const words = rows.map(row => (row.textContent + " " + row.cells[0].title).toLowerCase());
            const apply = () => {
              const wanted = text.value.trim().toLowerCase().split(/\s+/);
              let shown = 0;
              rows.forEach((row, index) => {
                const kind = result.value;
                const fits = (!kind || (kind === "problem" ? "problem" in row.dataset
                  : kind === "change" ? "changed" in row.dataset : row.dataset.result === kind))
                  && wanted.every(word => words[index].includes(word));
                row.hidden = !fits;
                if (fits) shown++;
              });
              document.getElementById("filter-count").textContent =
                shown === rows.length ? `${shown} run${shown === 1 ? "" : "s"}` : `${shown} of ${rows.length} runs`;
            };
            form.addEventListener("input", apply);
            form.addEventListener("submit", event => event.preventDefault());
            if (result.value || text.value) apply();
          }
          let opened = [];
          addEventListener("beforeprint", () => {
            opened = [...document.querySelectorAll("details:not([open])")].slice(0, 40);
            for (const one of opened) one.open = true;
          });
          addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
        })();
        """#
}
