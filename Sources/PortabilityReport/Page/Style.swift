/// How the page looks, and what it may do.
enum Style {
    /// Nothing may be loaded, run, sent or framed; styles stand in the page itself.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    /// Text colours have a contrast of at least 4.5:1 on their backgrounds (WCAG 2.2, 1.4.3) in both schemes.
    static let sheet: Markup = """

        :root { color-scheme: light dark;
          --paper: #ffffff; --ink: #1b1f24; --soft: #545c65; --line: #d3d9de; --tint: #f4f6f8; --link: #0b57a4;
          --mark: #12497f; --warn: #fff1ee; --warn-line: #b3261e; --care: #fff8e1; --care-line: #8a6100; }
        @media (prefers-color-scheme: dark) { :root {
          --paper: #14181c; --ink: #e8ebee; --soft: #aeb6be; --line: #3a424a; --tint: #1d2329; --link: #8cc2ff;
          --mark: #8cb8e8; --warn: #351815; --warn-line: #ff8a80; --care: #2e2708; --care-line: #e6b93c; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: .5rem; }
        body { margin: 0 auto; padding: 1.25rem 1rem 2rem; max-width: 68rem; background: var(--paper);
          color: var(--ink);
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
          overflow-wrap: break-word; }
        h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: break-word; hyphens: auto; }
        h1 { font-size: 1.9rem; margin: .25rem 0 0; letter-spacing: -.01em; }
        h2 { font-size: 1.45rem; margin: 3rem 0 .75rem; padding-top: 1rem; border-top: 3px solid var(--mark); }
        h3 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
        h4 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; }
        p, li, dd { max-width: 46rem; }
        p { margin: .5rem 0; }
        header { padding-bottom: .25rem; }
        header p { margin: .15rem 0; }
        .from { font-weight: 600; color: var(--mark); padding-bottom: .75rem; }
        .muted, .meaning, caption, .cut { color: var(--soft); font-size: .93em; }
        h3 .muted { font-weight: 400; font-size: .85em; }
        .meaning { display: block; font-weight: 400; }
        .cut { font-style: italic; }
        .sign { font: .8em ui-monospace, "DejaVu Sans Mono", Consolas, monospace; padding: 0 .2em; color: var(--soft);
          border: 1px solid var(--line); border-radius: .25em; }
        a { color: var(--link); text-underline-offset: .15em; }
        summary { cursor: pointer; }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        code { font: .92em/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
        pre { margin: .75rem 0; padding: .75rem; background: var(--tint); border: 1px solid var(--line);
          border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        dl { margin: 1rem 0; }
        dt { font-weight: 600; }
        dd { margin: 0; overflow-wrap: anywhere; }
        .opening { margin: 1.5rem 0; border-top: 1px solid var(--line); }
        .opening > div { padding: .7rem 0; border-bottom: 1px solid var(--line); }
        .opening dt { color: var(--mark); }
        .opening dd { font-size: 1.08em; }
        .details > div { padding: .25rem 0; }
        .status { display: inline-block; padding: .3rem .7rem; border-left: 4px solid var(--warn-line);
          background: var(--warn); }
        .box { margin: 1.25rem 0; padding: .75rem 1rem; border: 1px solid var(--care-line); border-left-width: 5px;
          border-radius: .35rem; background: var(--care); break-inside: avoid; }
        .box h2, .box h3 { margin: 0 0 .5rem; padding: 0; border: 0; font-size: 1.2rem; }
        .warning { background: var(--warn); border-color: var(--warn-line); }
        .warning h2, .flag, .status strong { color: var(--warn-line); }
        .flag { font-weight: 600; }
        .badge { display: inline-block; padding: 0 .4rem; border: 1px solid var(--warn-line); border-radius: .3rem;
          background: var(--warn); color: var(--warn-line); font-size: .88rem; font-weight: 600; }
        ul { padding-left: 1.25rem; margin: .5rem 0; }
        li { margin: .25rem 0; }
        .plain { list-style: none; margin: 0; padding: 0; }
        .plain li { margin: 0 0 .25rem; }
        .columns { columns: 3 15rem; }
        .columns li { margin: 0 0 .35rem; break-inside: avoid; }
        nav { margin: 1.5rem 0 0; padding: .9rem 1rem; background: var(--tint); border-radius: .4rem; }
        nav ul { columns: 2 16rem; list-style: none; margin: 0; padding: 0; }
        nav li { margin: 0; padding: .3rem 0; break-inside: avoid; }
        .wide { overflow-x: auto; margin: .5rem 0 1rem; position: relative; }
        table { width: 100%; border-collapse: collapse; font-size: .95rem; }
        caption { text-align: left; padding: .25rem 0; }
        th, td { padding: .5rem .9rem .5rem 0; text-align: left; vertical-align: top; font-weight: 400;
          border-bottom: 1px solid var(--line); }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { font-weight: 600; vertical-align: bottom; border-bottom: 2px solid var(--line); }
        .list tbody th { width: 24%; }
        .overview tbody th { font-weight: 600; }
        .overview td { white-space: normal; }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .rows { font-size: .9rem; }
        .rows caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .rows th, .rows td { overflow-wrap: anywhere; min-width: 5.5rem; }
        .nowrap, .article, a[href^="tel:"] { white-space: nowrap; }
        :lang(fi) .article { white-space: normal; }
        .dataset { margin: 1.5rem 0 2.5rem; }
        .dataset > p { margin: .35rem 0; }
        .files { font-size: .93rem; }
        .files a { overflow-wrap: anywhere; }
        .record { margin: .75rem 0; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: .4rem;
          display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: .55rem 1.5rem;
          font-size: .95rem; }
        .record > .long { grid-column: 1 / -1; }
        .record dt { font-weight: 400; font-size: .86em; color: var(--soft); }
        .same { margin: .75rem 0; padding: .5rem .9rem; background: var(--tint); border-radius: .4rem;
          font-size: .95rem; }
        .same p, .same dl { display: inline; margin: 0; }
        .same > p { color: var(--soft); margin-right: .6rem; }
        .same dl > div { display: inline-block; margin-right: 1rem; }
        .same dt { display: inline; font-weight: 400; color: var(--soft); }
        .same dt::after { content: ": "; }
        .same dd { display: inline; }
        .nest { margin: 0; padding: 0; list-style: none; display: block; border: 0; font-size: .97em; }
        .nest > li { margin: 0 0 .3rem; padding-left: .6rem; border-left: 2px solid var(--line); }
        .nest > div > dt { display: inline; color: var(--soft); font-weight: 400; }
        .nest > div > dt::after { content: ": "; }
        .nest > div > dd { display: inline; }
        .records > summary { font-weight: 600; padding: .35rem 0; color: var(--link); }
        .meanings { margin: .5rem 0; font-size: .95rem; }
        .meanings dt { color: var(--ink); font-weight: 600; }
        .chart { margin: 1rem 0; display: grid; gap: .5rem 2rem; }
        .chart svg { width: 100%; max-width: 36rem; height: auto; }
        .chart rect { fill: var(--mark); }
        .chart .axis { stroke: var(--line); }
        .chart text { fill: var(--soft); font-size: 14px; }
        figcaption { color: var(--soft); font-size: .93rem; }
        table.figures { width: auto; min-width: 14rem; font-size: .9rem; }
        table.figures th, table.figures td { padding: .15rem 1rem .15rem 0; width: auto; }
        table.figures caption { position: absolute; width: 1px; height: 1px; overflow: hidden;
          clip-path: inset(50%); }
        .invoice { margin: .6rem 0; border: 1px solid var(--line); border-radius: .4rem; break-inside: avoid; }
        .invoice summary { padding: .6rem .9rem; }
        .invoice summary span { margin-right: .6rem; }
        .invoice .no { font-weight: 600; }
        .invoice .sum { white-space: nowrap; font-variant-numeric: tabular-nums; }
        .sheet { padding: .25rem 1rem 1rem; border-top: 1px solid var(--line); }
        .parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
          gap: 0 2rem; }
        .label { margin: .75rem 0 0; color: var(--soft); font-size: .9rem; }
        .party p { margin: .15rem 0; }
        .facts { margin: .5rem 0; font-size: .95rem; display: grid; gap: .2rem 1.5rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
        .facts dt { display: inline; font-weight: 400; color: var(--soft); }
        .facts dt::after { content: ": "; }
        .facts dd { display: inline; }
        .facts .nest { display: inline; }
        .lines { margin: .75rem 0; }
        .lines caption { font-weight: 600; color: var(--ink); }
        .totals { margin: .75rem 0 .75rem auto; max-width: 24rem; }
        .totals > div { display: flex; justify-content: space-between; gap: 1rem; padding: .15rem 0; }
        .totals dt { font-weight: 400; }
        .totals dd { font-variant-numeric: tabular-nums; white-space: nowrap; }
        .totals .payable { border-top: 2px solid var(--ink); margin-top: .25rem; padding-top: .35rem; }
        .totals .payable > * { font-weight: 700; }
        .note { white-space: normal; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); }
        @media (min-width: 48rem) {
          body { padding: 2.5rem 2rem; }
          .opening > div, .details > div { display: grid; grid-template-columns: 13rem 1fr; gap: 1.5rem; }
          .chart { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
          .chart figcaption { grid-column: 1 / 3; }
          details.figures table { font-size: .85rem; }
        }
        @media screen and (max-width: 47.99rem) {
          table:not(.figures) thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
            clip-path: inset(50%); }
          table:not(.figures), table.list > caption, table.overview > caption,
          table.lines > caption, table:not(.figures) > tbody,
          table:not(.figures) > tbody > tr, table:not(.figures) > tbody > tr > th,
          table:not(.figures) > tbody > tr > td { display: block; width: 100%; padding: 0; border: 0;
            text-align: left; }
          table:not(.figures) > tbody > tr { padding: .75rem 0; border-top: 1px solid var(--line); }
          table:not(.figures) > tbody > tr > th { font-size: 1.02rem; font-weight: 600; margin-bottom: .25rem; }
          table:not(.figures) > tbody > tr > td { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr);
            gap: .75rem; padding: .15rem 0; white-space: normal; }
          table:not(.figures) > tbody > tr > td.none { display: none; }
          table:not(.figures) > tbody > tr > td::before { content: attr(data-label); color: var(--soft);
            font-size: .9rem; hyphens: auto; overflow-wrap: anywhere; }
          .details > div { padding: .4rem 0; }
          .record > div { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .75rem; }
          .record dt { hyphens: auto; overflow-wrap: anywhere; }
          .meanings .record > div, .record > .long { display: block; }
        }
        @media print {
          :root { --paper: #fff; --ink: #000; --soft: #333; --line: #999; --tint: #fff; --link: #000; --mark: #333;
            --warn: #fff; --warn-line: #000; --care: #fff; --care-line: #000; color-scheme: light; }
          @page { margin: 15mm; }
          html { font-size: 10pt; }
          body { padding: 0; max-width: none; }
          nav { display: none; }
          details::details-content { content-visibility: visible; block-size: auto; }
          h2, h3, h4, caption, thead { break-after: avoid; }
          tr, li, .record > div, .opening > div { break-inside: avoid; }
          .wide { overflow: visible; }
          table { font-size: 8pt; }
          .rows th, .rows td { min-width: 0; }
          th, td { padding-right: .6rem; }
          .chart rect { print-color-adjust: exact; }
        }

        """
}
