/// The page's style: one column of text, quiet colours, states in words as well as in colour.
enum PageStyle {
    static let css: Markup = """
        :root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1b1f24;--quiet:#5c6570;--line:#dfe2e6;--soft:#eef0f2;
        --accent:#1f5fbf;--good:#1a6b3c;--good-bg:#e5f3ea;--warn:#7d5000;--warn-bg:#fbf0d9;--bad:#a8201c;--bad-bg:#fbe7e5;
        --inserted:#2e76d0;--updated:#d99500;--deleted:#c93a34;--unchanged:#aeb5bd;--b:#d9700f;--c:#c93a34}
        @media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2024;--ink:#e8eaed;--quiet:#a0a9b3;--line:#333a41;
        --soft:#262b30;--accent:#83b4f7;--good:#74d39a;--good-bg:#173324;--warn:#f0c062;--warn-bg:#382b10;--bad:#ff9a92;
        --bad-bg:#40201e;--inserted:#5b9df0;--updated:#e5ab2e;--deleted:#f0746d;--unchanged:#58626c;--b:#f0944a;--c:#f0746d}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
        @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
        "Hiragino Sans","Noto Sans CJK JP","Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
        header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
        h1,h2,h3,p,dl,dd,figure{margin:0}
        h1{font-size:clamp(1.6rem,4.2vw,2.4rem);line-height:1.15;letter-spacing:-.02em;font-weight:650;display:flex;gap:.7rem;
        align-items:flex-start;text-wrap:balance}
        h2{font-size:1.2rem;letter-spacing:-.01em;font-weight:650;margin:0 0 1rem}
        h3{font-size:1rem;font-weight:600;overflow-wrap:anywhere}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
        .skip{position:absolute;left:-99rem}
        .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:2}
        .verdict{padding-top:2rem;padding-bottom:1.5rem}
        .brand{color:var(--quiet);font-size:.9rem;margin-bottom:.8rem}
        .mark{flex:none;width:1.25em;height:1.25em;border-radius:50%;display:grid;place-items:center;font-size:.8em;
        font-weight:700;line-height:1;margin-top:.03em}
        .good .mark{background:var(--good-bg);color:var(--good)}
        .warn .mark{background:var(--warn-bg);color:var(--warn)}
        .bad .mark{background:var(--bad-bg);color:var(--bad)}
        .none .mark{background:var(--soft);color:var(--quiet)}
        .lead{margin-top:.6rem;color:var(--quiet);font-size:1.05rem;max-width:56rem;text-wrap:pretty}
        .stale{margin-top:1rem;padding:.7rem 1rem;border-radius:.5rem;background:var(--warn-bg);color:var(--warn)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.2rem,1fr));gap:1rem 0;margin-top:1.6rem;
        border-top:1px solid var(--line);padding-top:1.1rem}
        .figures div{padding-right:1rem}
        .figures dt,.facts dt{color:var(--quiet);font-size:.85rem}
        .figures dd{font-size:1.35rem;font-weight:600;letter-spacing:-.01em;line-height:1.3}
        .note{display:block;font-size:.8rem;font-weight:400;color:var(--quiet);letter-spacing:0}
        nav{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin-top:1.4rem;font-size:.95rem}
        section{border-top:1px solid var(--line);padding:1.8rem 0 2.2rem}
        .quiet{color:var(--quiet)}
        code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(26rem,100%),1fr));gap:1rem}
        .card,.problem,.charts .chart{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.2rem;
        min-width:0;break-inside:avoid}
        .card h3{display:flex;gap:.6rem;align-items:baseline;justify-content:space-between;font-size:1.1rem}
        .account{margin-bottom:.8rem;overflow-wrap:anywhere}
        .facts{display:grid;gap:.35rem;margin-bottom:.9rem;font-size:.95rem}
        .facts div{display:grid;grid-template-columns:minmax(7rem,9.5rem) 1fr;gap:.5rem;align-items:baseline}
        .badge{display:inline-block;border-radius:1rem;padding:.05rem .6rem;font-size:.82rem;font-weight:600;white-space:nowrap}
        .badge.good{background:var(--good-bg);color:var(--good)}
        .badge.warn{background:var(--warn-bg);color:var(--warn)}
        .badge.bad{background:var(--bad-bg);color:var(--bad)}
        .badge.none{background:var(--soft);color:var(--quiet)}
        .end.warn{color:var(--warn);font-weight:600}.end.bad{color:var(--bad);font-weight:600}
        .next{margin:.5rem 0 .8rem;padding-left:.8rem;border-left:3px solid var(--accent);overflow-wrap:anywhere}
        .next strong{display:block;font-size:.8rem;font-weight:600;color:var(--quiet)}
        .problems{display:grid;gap:.9rem}
        .problem{border-left-width:4px}
        .problem.bad{border-left-color:var(--bad)}.problem.warn{border-left-color:var(--warn)}
        .problem p{margin-top:.4rem;overflow-wrap:anywhere;max-width:62rem}
        .problem code{color:var(--quiet);font-weight:400;margin-left:.3rem}
        .problem.bad .kind{color:var(--bad)}.problem.warn .kind{color:var(--warn)}
        .problem .quiet{font-size:.88rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-top:1px solid var(--line);vertical-align:top;white-space:nowrap}
        thead th{border-top:0;color:var(--quiet);font-weight:500;font-size:.82rem}
        tbody th{font-weight:500}
        .n{text-align:right}.zero{color:var(--quiet)}
        .words{white-space:normal;min-width:18rem}.what{white-space:normal;min-width:11rem}
        th:last-child,td:last-child{padding-right:0}
        .scroll{overflow-x:auto}
        .runs{max-height:34rem;overflow-y:auto;border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
        .runs th,.runs td{padding:.42rem .8rem}
        .runs thead th{position:sticky;top:0;background:var(--card);box-shadow:0 1px var(--line)}
        .legend{font-size:.88rem;color:var(--quiet);display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin-bottom:.9rem}
        .key::before{content:"";display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.4em;background:currentColor}
        .key b{color:var(--ink);font-weight:600}
        .k-inserted::before{background:var(--inserted)}.k-updated::before{background:var(--updated)}
        .k-deleted::before{background:var(--deleted)}.k-unchanged::before{background:var(--unchanged)}
        .k-failed::before{background:var(--bad);height:.25em;vertical-align:middle}
        .key.l-a::before{background:var(--inserted)}.key.l-b::before{background:var(--b)}.key.l-c::before{background:var(--c)}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr));gap:1rem}
        .charts.wide{grid-template-columns:repeat(auto-fill,minmax(min(27rem,100%),1fr))}
        figcaption{display:grid;grid-template-columns:minmax(0,1fr) fit-content(50%);gap:.8rem;align-items:baseline;margin-bottom:.6rem}
        figcaption>*{overflow-wrap:anywhere}time{white-space:nowrap}
        figcaption .legend{margin:0;justify-content:flex-end}
        svg{display:block;width:100%;height:auto;overflow:visible}
        .base{stroke:var(--line);fill:none}.grid{stroke:var(--line);stroke-dasharray:2 4;fill:none}
        .inserted{fill:var(--inserted)}.updated{fill:var(--updated)}.deleted{fill:var(--deleted)}
        .unchanged{fill:var(--unchanged)}.failed{fill:var(--bad)}
        .tips rect{fill:transparent}.tips rect:hover{fill:currentColor;opacity:.08}
        .line{fill:none;stroke-width:1.8;stroke-linejoin:round;vector-effect:non-scaling-stroke}
        .line.l-a{stroke:var(--inserted)}.line.l-b{stroke:var(--b)}.line.l-c{stroke:var(--c)}
        .dot.l-a{fill:var(--inserted)}.dot.l-b{fill:var(--b)}.dot.l-c{fill:var(--c)}
        .axis{display:flex;justify-content:space-between;gap:.6rem;font-size:.78rem;color:var(--quiet);margin-top:.35rem;white-space:nowrap}
        details{margin-top:.5rem;font-size:.88rem}
        summary{cursor:pointer;color:var(--quiet);width:fit-content}
        details table{font-size:.82rem;margin-top:.3rem}
        .filter{display:flex;flex-wrap:wrap;gap:.7rem 1.2rem;align-items:center;margin-bottom:.9rem;font-size:.95rem}
        select,input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);border-radius:.4rem;
        padding:.3rem .6rem;max-width:100%}
        output{color:var(--quiet)}
        footer{border-top:1px solid var(--line);padding-top:1rem;padding-bottom:2.5rem;color:var(--quiet);font-size:.88rem}
        @media (max-width:34rem){header,main,footer{padding-left:1rem;padding-right:1rem}.figures{grid-template-columns:repeat(2,1fr)}
        .card,.problem,.charts .chart{padding:.9rem 1rem}.facts div{grid-template-columns:1fr;gap:0}.filter label{width:100%;display:grid}.card td,.card th{padding-right:.5rem}.charts.wide figcaption{grid-template-columns:minmax(0,1fr)}figcaption .legend{justify-content:flex-start}.axis{flex-wrap:wrap}
        .axis .top{order:3;width:100%;white-space:normal}}
        @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#bbb}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        nav,.skip,.filter,summary,.stale{display:none}.runs{max-height:none;overflow:visible;border:0}.scroll{overflow:visible}
        h2{break-after:avoid}tr{break-inside:avoid}.runs thead th{position:static}body{font-size:.85rem}}
        """
}
