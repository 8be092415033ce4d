/// How the page looks, and what it may do.
enum Style {
    /// Nothing may be loaded, run, sent or framed; styles stand in the page itself.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    /// Text colours have a contrast of at least 4.5:1 on their backgrounds (WCAG 2.2, 1.4.3) in both schemes.
    static let sheet: Markup = """

        :root { color-scheme: light dark;
          --paper: #ffffff; --ink: #1b1f24; --soft: #555d66; --line: #c9d0d6; --tint: #f3f6f8; --link: #0b57a4;
          --warn: #fff1ee; --warn-line: #b3261e; --care: #fff8e1; --care-line: #8a6100; }
        @media (prefers-color-scheme: dark) { :root {
          --paper: #15191d; --ink: #e8ebee; --soft: #aab3bb; --line: #414a53; --tint: #1f252b; --link: #8cc2ff;
          --warn: #351815; --warn-line: #ff8a80; --care: #2e2708; --care-line: #e6b93c; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
          overflow-wrap: break-word; }
        h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
        h1 { font-size: 1.9rem; margin: 0; }
        h2 { font-size: 1.4rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--line); }
        h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
        p, li, dd { max-width: 48rem; }
        p { margin: .5rem 0; }
        header p { margin: .15rem 0; }
        .from { font-weight: 600; color: var(--soft); }
        .muted, .meaning, caption { color: var(--soft); font-size: .93em; }
        .meaning { display: block; font-weight: 400; }
        a { color: var(--link); text-underline-offset: .15em; }
        code { font: .95em/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
        pre { margin: .75rem 0; padding: .75rem; background: var(--tint); border: 1px solid var(--line);
          border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        dl { margin: 1rem 0; }
        dt { font-weight: 600; }
        dd { margin: 0 0 .6rem; }
        .opening { margin: 1.25rem 0; padding: 1rem 1rem .5rem; background: var(--tint); border: 1px solid var(--line);
          border-radius: .5rem; }
        .opening dd { font-size: 1.05em; }
        .box { margin: 1.25rem 0; padding: .75rem 1rem; border: 2px solid var(--care-line); border-radius: .5rem;
          background: var(--care); break-inside: avoid; }
        .box h2, .box h3 { margin: 0 0 .5rem; padding: 0; border: 0; font-size: 1.2rem; }
        .warning { background: var(--warn); border-color: var(--warn-line); }
        .warning h2, .flag { color: var(--warn-line); }
        .flag { font-weight: 600; }
        .badge { display: inline-block; padding: 0 .4rem; border: 1px solid var(--warn-line); border-radius: .3rem;
          background: var(--warn); color: var(--warn-line); font-size: .88em; font-weight: 600; }
        ul { padding-left: 1.25rem; }
        li { margin: .25rem 0; }
        .plain { list-style: none; margin: 0; padding: 0; }
        .plain li { margin: 0 0 .25rem; }
        .columns { columns: 3 16rem; }
        .columns li { margin: 0 0 .35rem; break-inside: avoid; }
        nav ul { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; list-style: none; margin: 1rem 0 0; padding: 0; }
        .wide { overflow-x: auto; margin: .5rem 0 1rem; }
        table { width: 100%; border-collapse: collapse; font-size: .95rem; }
        caption { text-align: left; padding: .25rem 0; }
        th, td { padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; font-weight: 400;
          border-bottom: 1px solid var(--line); }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { font-weight: 600; vertical-align: bottom; border-bottom: 2px solid var(--line); }
        tbody th { width: 24%; }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-right: 1.25rem; }
        @media not all and (max-width: 47.99rem) {
          .datasets { table-layout: fixed; }
          .datasets th:nth-child(1) { width: 22%; }
          .datasets th:nth-child(2) { width: 11%; }
          .datasets th:nth-child(3) { width: 21%; }
          .datasets th:nth-child(4) { width: 12%; }
          .datasets th:nth-child(5) { width: 14%; }
        }
        .nowrap, .article, a[href^="tel:"] { white-space: nowrap; }
        :lang(fi) .article { white-space: normal; }
        .files a { overflow-wrap: anywhere; }
        .files span { white-space: nowrap; }
        footer { margin-top: 2.5rem; border-top: 1px solid var(--line); }
        @media (min-width: 48rem) {
          body { padding: 2rem; }
          .opening, .details { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; }
          .opening dd, .details dd, .opening dt, .details dt { margin: 0; max-width: 56rem; }
          .opening dt { max-width: 12rem; }
          .details dt { max-width: 16rem; }
        }
        @media screen and (max-width: 47.99rem) {
          thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table, caption, tbody, tr, tbody th, td { display: block; width: 100%; padding: 0; border: 0;
            text-align: left; }
          tr { padding: .75rem 0; border-top: 1px solid var(--line); }
          tbody th { font-size: 1.05rem; margin-bottom: .35rem; }
          td { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .75rem; padding: .2rem 0;
            white-space: normal; }
          td.number { text-align: left; }
          td::before { content: attr(data-label); color: var(--soft); font-size: .9rem; hyphens: auto; }
        }
        @media print {
          :root { --paper: #fff; --ink: #000; --soft: #333; --line: #888; --tint: #fff; --link: #000; --warn: #fff;
            --warn-line: #000; --care: #fff; --care-line: #000; color-scheme: light; }
          @page { margin: 15mm; }
          html { font-size: 10pt; }
          body { padding: 0; max-width: none; }
          nav { display: none; }
          h2, h3, caption, thead { break-after: avoid; }
          tr, li, dd { break-inside: avoid; }
          .wide { overflow: visible; }
          table { font-size: 8pt; }
          th, td, .number { padding-right: .6rem; }
        }

        """
}
